import { describe, expect, it } from 'vitest';
import { newHeader } from '../wire/message';
import { Iopub } from './iopub';
import type { Outgoing } from './post';

function iopub() {
  const sent: Outgoing[] = [];
  const states = () =>
    sent.map(({ content, parent }) => [
      (content as { execution_state: string }).execution_state,
      parent?.msg_type,
    ]);
  return { iopub: new Iopub((one) => sent.push(one)), sent, states };
}

describe('the states of the kernel', () => {
  const cell = newHeader('execute_request', 's');
  const completion = newHeader('complete_request', 's');

  it('go on being busy for the cell when another request ends in between', () => {
    const { iopub: states, states: seen } = iopub();
    states.cellBusy(cell);
    states.busy(completion);
    states.idle(completion);
    states.cellIdle(cell);
    expect(seen()).toEqual([
      ['busy', 'execute_request'],
      ['busy', 'complete_request'],
      ['idle', 'complete_request'],
      ['busy', 'execute_request'],
      ['idle', 'execute_request'],
    ]);
  });

  it('end with idle when no cell runs', () => {
    const { iopub: states, states: seen } = iopub();
    states.busy(completion);
    states.idle(completion);
    expect(seen().at(-1)).toEqual(['idle', 'complete_request']);
  });

  it('begin with a welcome to each subscriber, on the topic that it asked for', () => {
    const { iopub: states, sent } = iopub();
    states.welcome(Buffer.from('stream'));
    expect(sent[0]).toMatchObject({ type: 'iopub_welcome', content: { subscription: 'stream' } });
    expect(sent[0]?.idents).toEqual([Buffer.from('stream')]);
  });
});
