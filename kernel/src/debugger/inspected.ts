import { MainThread } from '../interrupt/mainThread';
import { DEBUGGEE, type Debuggee } from '../places/debuggee';
import type { CallFrame } from './frames';

interface Evaluated {
  result: { value?: unknown };
  exceptionDetails?: { text: string; exception?: { description?: string } };
}

/** What a person types may loop for ever: the thread hears nothing meanwhile, so it is ended (milliseconds). */
const PATIENCE = 2000;

type Questions = { [Name in keyof Debuggee]: ReturnType<Debuggee[Name]> };

/** The user's thread as the debugger sees it: V8's inspector, and the kernel's own `Debuggee` there. */
export class Inspected extends MainThread {
  /** @param where The frame in whose reach the question is asked; without one, that of no function. */
  async ask<Name extends keyof Questions>(
    name: Name,
    argument = '',
    where?: CallFrame,
  ): Promise<Questions[Name]> {
    const question = {
      expression: `${DEBUGGEE}.${name}(${argument})`,
      returnByValue: true,
      silent: true,
      timeout: PATIENCE,
    };
    const { result, exceptionDetails }: Evaluated = await (where === undefined
      ? this.post('Runtime.evaluate', { ...question, disableBreaks: true })
      : this.post('Debugger.evaluateOnCallFrame', { ...question, callFrameId: where.callFrameId }));
    if (exceptionDetails !== undefined)
      throw new Error(firstLine(exceptionDetails.exception?.description ?? exceptionDetails.text));
    return result.value as Questions[Name];
  }

  /** A reference to the variables of scopes, the innermost first. */
  async hold([innermost, ...outer]: readonly string[]): Promise<number> {
    const functionDeclaration = `function (...outer) { return ${DEBUGGEE}.hold([this, ...outer]); }`;
    const held: Evaluated = await this.post('Runtime.callFunctionOn', {
      ...{ objectId: innermost, functionDeclaration, arguments: outer.map((objectId) => ({ objectId })) },
      ...{ returnByValue: true, silent: true },
    });
    return held.result.value as number;
  }
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

/** Code as a function that runs it where it is written: so it reaches the variables there. */
export function thunk(javaScript: string): string {
  return `() => eval(${JSON.stringify(javaScript)})`;
}
