/** What helps when a value has no such member: mostly it is Python's. */

/** "Property does not exist", also with a guess which one was meant. */
const NO_MEMBER: ReadonlySet<number> = new Set([2339, 2551]);

const OF_ARRAYS: Readonly<Record<string, string>> = {
  append: 'xs.push(x) puts x at its end',
  extend: 'xs.push(...ys) puts all of ys at its end',
  insert: 'xs.splice(at, 0, x) puts x in at a place',
  remove: 'xs.filter((x) => x !== y) leaves y out, xs.splice(at, 1) what stands at a place',
  copy: '[...xs] is a copy',
  index: 'xs.indexOf(x) is where x stands',
  size: 'xs.length is how many it has',
  shape: 'xs.length is how many it has',
};

const OF_TEXTS: Readonly<Record<string, string>> = {
  upper: 'it is text.toUpperCase() here',
  lower: 'it is text.toLowerCase() here',
  strip: 'it is text.trim() here',
  startswith: 'it is text.startsWith(…) here',
  endswith: 'it is text.endsWith(…) here',
  join: "xs.join(', ') makes an array one text",
  format: `values stand in texts between backticks: \`x is \${x}\``,
};

/** What `predict` gives, in a property's or an argument's error. */
const TENSORS = /type 'Tensor(<\w+>)? \| Tensor(<\w+>)?\[\]'/i;
const ONE_TENSOR = 'of a model with one output it is one tensor: (model.predict(x) as tf.Tensor)';
const WRONG_TYPE: ReadonlySet<number> = new Set([2322, 2345, 2740, 2741]);

/** @param said TypeScript's message. */
export function helpWithMember(code: number, name: string, said: string): string | undefined {
  const isMember = NO_MEMBER.has(code);
  if ((isMember || WRONG_TYPE.has(code)) && TENSORS.test(said)) return ONE_TENSOR;
  const type = isMember ? /on type '(.*?)'\./s.exec(said)?.[1] : undefined;
  const known = type === undefined ? {} : membersOf(type);
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

function membersOf(type: string): Readonly<Record<string, string>> {
  if (/\[\]$|^(readonly )?\[/.test(type)) return OF_ARRAYS;
  return /^(string|".*")$/s.test(type) ? OF_TEXTS : {};
}
