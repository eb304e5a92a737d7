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

  it('refuses a width that is drawn without a seed, and batch normalisation', () => {
    const inputs = tf.input({ shape: [2, 4, 1] });
    const refused: [tf.layers.Layer, string][] = [
      [L.randomWidth({ factor: 0.5, name: 'wide' }), 'wide: the width that RandomWidth draws takes no seed'],
      [L.batchNormalization({ name: 'norm' }), 'norm: batch normalisation cannot be trained by minimize'],
    ];
    for (const [layer, message] of refused) {
      const model = tf.model({ inputs, outputs: layer.apply(inputs) as tf.SymbolicTensor });
      expect(() => checkTrainable(model)).toThrow(message);
    }
  });
});
