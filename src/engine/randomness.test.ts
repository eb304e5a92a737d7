import { describe, expect, it } from 'vitest';
import { tf } from './backend';
import { checkTrainable } from './randomness';

const L = tf.layers;

describe('checkTrainable', () => {
  it('lets every layer pass whose draws a seed makes', () => {
    const layers = [
      L.lstm({ units: 2, dropout: 0.5, recurrentDropout: 0.5, inputShape: [3, 2] }),
      L.gaussianNoise({ stddev: 1 }),
      L.gaussianDropout({ rate: 0.5 }),
      L.alphaDropout({ rate: 0.5 }),
      L.dropout({ rate: 0.5 }),
    ];
    expect(() => checkTrainable(tf.sequential({ layers }))).not.toThrow();
  });

  it('lets batch normalisation pass, whose averages a run keeps', () => {
    const layers = [L.dense({ units: 2, inputShape: [3] }), L.batchNormalization()];
    expect(() => checkTrainable(tf.sequential({ layers }))).not.toThrow();
  });

  it('refuses a width that is drawn without a seed', () => {
    const inputs = tf.input({ shape: [2, 4, 1] });
    const layer = L.randomWidth({ factor: 0.5, name: 'wide' });
    const model = tf.model({ inputs, outputs: layer.apply(inputs) as tf.SymbolicTensor });
    expect(() => checkTrainable(model)).toThrow('wide: the width that RandomWidth draws takes no seed');
  });
});
