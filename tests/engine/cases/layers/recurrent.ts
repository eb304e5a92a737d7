import type { Case, Layer, Library } from '../case';
import { modelCase } from '../model';

/** Recurrent layers, with and without masks, and their wrappers. */
export function recurrentCases(library: Library): Case[] {
  const { layers } = library.tf;
  const at = (name: string, layer: () => unknown, shape: number[] = [4, 2]) =>
    modelCase(library, name, [shape], (x) => (layer() as Layer).apply(x) as never);
  return [
    at('simpleRNN', () => layers.simpleRNN({ units: 3 })),
    at('simpleRNN, all steps', () => layers.simpleRNN({ units: 3, returnSequences: true })),
    at('lstm', () => layers.lstm({ units: 3 })),
    at('lstm, all steps, backwards', () =>
      layers.lstm({ units: 2, returnSequences: true, goBackwards: true }),
    ),
    at('gru', () => layers.gru({ units: 3 })),
    at('gru, all steps', () => layers.gru({ units: 2, returnSequences: true })),
    at('rnn of a cell', () => layers.rnn({ cell: layers.lstmCell({ units: 2 }) } as never)),
    at('rnn of a gruCell', () => layers.rnn({ cell: layers.gruCell({ units: 2 }) } as never)),
    at('rnn of stacked cells', () =>
      layers.rnn({
        cell: layers.stackedRNNCells({
          cells: [layers.simpleRNNCell({ units: 2 }), layers.simpleRNNCell({ units: 2 })],
        } as never),
      } as never),
    ),
    at('bidirectional, concatenated', () =>
      layers.bidirectional({ layer: layers.lstm({ units: 2 }) as never, mergeMode: 'concat' }),
    ),
    at('bidirectional, summed', () =>
      layers.bidirectional({
        layer: layers.gru({ units: 2, returnSequences: true }) as never,
        mergeMode: 'sum',
      }),
    ),
    at('timeDistributed', () =>
      layers.timeDistributed({ layer: layers.dense({ units: 2, activation: 'tanh' }) }),
    ),
    at('convLstm2d', () => layers.convLstm2d({ filters: 2, kernelSize: 2 } as never), [3, 4, 4, 1]),
    ...maskedCases(library),
  ];
}

/** Steps of the value 0 are left out. */
function maskedCases(library: Library): Case[] {
  const { layers } = library.tf;
  const recurrent = {
    simpleRNN: () => layers.simpleRNN({ units: 2 }),
    lstm: () => layers.lstm({ units: 2 }),
    gru: () => layers.gru({ units: 2 }),
  };
  return Object.entries(recurrent).map(([name, layer]) =>
    modelCase(
      library,
      `${name}, masked`,
      [[4]],
      (x) => {
        const embedded = layers.embedding({ inputDim: 4, outputDim: 2, maskZero: true }).apply(x) as never;
        return (layer() as Layer).apply(embedded) as never;
      },
      { integers: 4 },
    ),
  );
}
