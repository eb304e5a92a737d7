import type { Channel } from '../session/channel';
import { checkFlag, checkOptions } from './options';

export type ClearOutput = (options?: { wait?: boolean }) => void;

/** Makes `clearOutput`. */
export function clearOutputOn(channel: Channel): ClearOutput {
  return (options = {}) => {
    checkOptions('clearOutput', options, ['wait']);
    checkFlag('clearOutput: wait', options.wait);
    channel.publish({ kind: 'clear', wait: options.wait ?? false });
  };
}
