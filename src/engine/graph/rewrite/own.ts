import type { Output } from '../graph';
import { type Emit, specOf } from './rewrite';

/** Ops whose result may lie in the memory of an input, always or when they happen to change nothing. */
const MAY_BE_VIEWS = new Set([
  ...['Identity', 'Snapshot', 'StopGradient', 'PreventGradient', 'CheckNumerics', 'EnsureShape', 'Bitcast'],
  ...['Reshape', 'Squeeze', 'ExpandDims', 'Slice', 'StridedSlice', 'Split', 'SplitV', 'Unpack', 'Pack'],
  ...['Transpose', 'ConcatV2', 'Tile', 'Pad', 'PadV2', 'MirrorPad', 'BroadcastTo', 'ReverseV2', 'AddN'],
  ...['Sum', 'Mean', 'Max', 'Min', 'Prod', 'All', 'Any'],
]);

/**
 * A result that lies in the memory of what was fed gets memory of its own: an argument may be a typed array that
 * TensorFlow reads in place, and that its owner writes to after the call.
 */
export function ownMemory(output: Output, emit: Emit): Output {
  if (!isView(output)) return output;
  const { dtype } = specOf(output);
  return emit({
    op: 'DeepCopy',
    inputs: [output],
    attrs: { T: { kind: 'type', value: dtype } },
    outputs: [specOf(output)],
  });
}

function isView(output: Output): boolean {
  const seen = new Set([output.node]);
  for (const node of seen) {
    if (node.op === 'Placeholder') return true;
    if (MAY_BE_VIEWS.has(node.op)) for (const input of node.inputs) seen.add(input.node);
  }
  return false;
}
