import { PAUSE_FILE } from '../places/debuggee';
import { isHidden } from '../session/errors/frames';
import type { StackFrame } from './dap';
import type { Position } from './positions';
import { pathOfUrl, type Sources } from './sources';

/** Lines and columns count from 0, as all of V8's. */
export interface CallFrame {
  callFrameId: string;
  functionName: string;
  location: { scriptId: string; lineNumber: number; columnNumber?: number };
  scopeChain: V8Scope[];
}

export interface V8Scope {
  type: 'global' | 'local' | 'with' | 'closure' | 'catch' | 'block' | 'script' | 'eval' | 'module' | string;
  object: { objectId?: string };
}

export interface Frame {
  call: CallFrame;
  shown: StackFrame;
}

/** Numbers frames of all stops, so that a late question about an old one is known to be that. */
let latest = 0;

/** The frames that are the user's or of a library, innermost first: not those of Node and of the kernel. */
export function framesOf(calls: CallFrame[], urls: ReadonlyMap<string, string>, sources: Sources): Frame[] {
  return calls.flatMap((call) => {
    const url = urls.get(call.location.scriptId) ?? '';
    const shown =
      url === '' || url === PAUSE_FILE || isHidden(pathOfUrl(url)) ? undefined : shownOf(call, url, sources);
    return shown === undefined ? [] : [{ call, shown }];
  });
}

function shownOf(call: CallFrame, url: string, sources: Sources): StackFrame | undefined {
  const { lineNumber, columnNumber = 0 } = call.location;
  const place: Position = { line: lineNumber + 1, column: columnNumber + 1 };
  const script = sources.script(url);
  const position = script === undefined ? place : script.original(place);
  if (position === undefined) return undefined;
  const path = script?.path ?? pathOfUrl(url);
  const name = call.functionName || (script?.isCell ? script.title : '(anonymous)');
  latest += 1;
  return { id: latest, name, ...position, source: { path, ...(script && { name: script.title }) } };
}
