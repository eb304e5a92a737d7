import { tf } from './backend';

/** The regularisers' values at the weights a model has now: those that `model.fit` adds to the loss. */
export function penalties(model: tf.LayersModel): tf.Scalar[] {
  return fitted(model).calculateLosses();
}

/** A sequential model trains through a functional one inside it, and only that one knows the regularisers. */
function fitted(model: tf.LayersModel): tf.LayersModel {
  if (!(model instanceof tf.Sequential)) return model;
  const outer = model as unknown as { model?: tf.LayersModel };
  if (outer.model === undefined) model.build();
  return outer.model ?? model;
}
