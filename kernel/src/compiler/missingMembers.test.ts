import { describe, expect, it } from 'vitest';
import { TestSession } from '../../../tests/kernel/cells';

const session = new TestSession('/');
const PREDICTED =
  'class Tensor<R = 1> { rank!: R; dataSync() { return [1]; } }\ndeclare const y: Tensor | Tensor[];';

describe('a member that is not found', () => {
  it.each([
    ['const xs = [1];\nxs.append(2)', 'xs.push(x)'],
    ['const xs: [number] = [1];\nxs.extend([2])', 'xs.push(...ys)'],
    ["'a'.upper()", 'text.toUpperCase()'],
    ["const text: string = 'a';\ntext.strip()", 'text.trim()'],
    ["', '.join(['a'])", "xs.join(', ')"],
    [`${PREDICTED}\ny.dataSync()`, '(model.predict(x) as tf.Tensor)'],
    [`${PREDICTED}\nconst z: Tensor = y`, '(model.predict(x) as tf.Tensor)'],
    [`${PREDICTED}\n((z: Tensor) => z)(y)`, '(model.predict(x) as tf.Tensor)'],
  ])('%j gets the help that its author needs', (code, help) => {
    expect(session.problems(code).join()).toContain(help);
  });

  it.each(['const o = { a: 1 };\no.append(2)', '[1].zebra()', "'a'.append('b')", '(1).upper()'])(
    '%j gets none that is a guess',
    (code) => {
      const problems = session.problems(code).join();
      expect(problems).toMatch(/does not exist on type/);
      expect(problems).not.toContain('\n  ');
    },
  );
});
