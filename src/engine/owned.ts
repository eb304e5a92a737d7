import { tf } from './backend';

const registry = new FinalizationRegistry<tf.Tensor[]>((tensors) => tf.dispose(tensors));

/** Keeps tensors past every `tf.tidy`, and disposes them when their owner is no longer reachable. */
export function keepFor(owner: object, tensors: tf.Tensor[]): void {
  for (const tensor of tensors) tf.keep(tensor);
  registry.register(owner, tensors);
}
