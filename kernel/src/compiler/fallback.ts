import type { Answer, Question } from './requests';

/** What is answered when the compiler can not: a compile says why, the others know nothing. */
export function fallback(question: Question, why: string): Answer | null {
  switch (question.kind) {
    case 'compile':
      return {
        ok: false,
        problems: [{ kind: 'type', code: 0, message: why, line: 1, column: 1 }],
        text: why,
      };
    case 'complete':
      return { start: question.cursor, end: question.cursor, items: [] };
    case 'inspect':
      return null;
    case 'isComplete':
      return { status: 'unknown' };
    case 'breakableLines':
      return [];
    case 'asJavaScript':
      return question.code;
  }
}
