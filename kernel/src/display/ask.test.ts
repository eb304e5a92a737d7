import { beforeEach, describe, expect, it } from 'vitest';
import { RecordingChannel } from '../../../tests/fixtures/recordingChannel';
import { type Asking, askingOn, NoInputError } from './ask';

let channel: RecordingChannel;
let asking: Asking;

beforeEach(() => {
  channel = new RecordingChannel();
  asking = askingOn(channel);
});

describe('prompt', () => {
  it('asks, and returns what was typed', () => {
    channel.answers.push('Ann');
    expect(asking.prompt('Name? ')).toBe('Ann');
    expect(channel.asked).toEqual([{ prompt: 'Name? ', password: false }]);
  });

  it('shows its fallback, and takes it for an empty answer', () => {
    channel.answers.push('', 'Bob', '');
    expect(asking.prompt('Name?', 'Ann')).toBe('Ann');
    expect(asking.prompt('Name?', 'Ann')).toBe('Bob');
    expect(channel.asked[0]).toEqual({ prompt: 'Name? [Ann] ', password: false });
    expect(asking.prompt()).toBe('');
  });

  it('where nobody can be asked takes the fallback, and without one says what to do', () => {
    channel.answers.push(new NoInputError(), new NoInputError());
    expect(asking.prompt('Name?', 'Ann')).toBe('Ann');
    expect(() => asking.prompt('Name?')).toThrow(/can not be asked for input; give prompt a fallback/);
  });

  it('passes an interrupt on, fallback or not', () => {
    class KeyboardInterrupt extends Error {}
    channel.answers.push(new KeyboardInterrupt());
    expect(() => asking.prompt('Name?', 'Ann')).toThrow(KeyboardInterrupt);
  });

  it('of something other than text is a clear error, and asks nothing', () => {
    expect(() => asking.prompt(3 as never)).toThrow('prompt: the text must be a string, got a number');
    expect(() => asking.prompt('a', 3 as never)).toThrow(
      'prompt: the fallback must be a string, got a number',
    );
    expect(channel.asked).toEqual([]);
  });
});

describe('confirm', () => {
  it.each([
    ['y', true],
    [' YES ', true],
    ['n', false],
    ['', false],
    ['yesterday', false],
  ])('takes %j for %s', (answer, expected) => {
    channel.answers.push(answer);
    expect(asking.confirm('Delete?')).toBe(expected);
    expect(channel.asked).toEqual([{ prompt: 'Delete? [y/N] ', password: false }]);
  });

  it('where nobody can be asked is an error: nobody has agreed', () => {
    channel.answers.push(new NoInputError());
    expect(() => asking.confirm('Delete?')).toThrow(NoInputError);
  });
});

describe('jupyter.password', () => {
  it('asks without showing what is typed', () => {
    channel.answers.push('secret', 'secret');
    expect(asking.password('Token: ')).toBe('secret');
    asking.password();
    expect(channel.asked).toEqual([
      { prompt: 'Token: ', password: true },
      { prompt: 'Password: ', password: true },
    ]);
  });
});
