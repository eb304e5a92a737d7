import { doubleHvp } from './float64.mjs';
import { BATCH, cnn, losslab, mlp, tiny, withFiles } from './networks.mjs';
import { installPeers, pythonProgram, TORCH } from './peers.mjs';
import { race, repeated } from './timing.mjs';

const { lossSlice2D, minimize, sam, tf } = losslab;

/** @typedef {import('./networks.mjs').Network} Network */
/** @typedef {{ ask: (line: string) => Promise<any>, close: () => void }} Torch */

/**
 * A row to measure: what we call, and which forms of the same work torch does.
 * @typedef {object} Work
 * @property {string} title
 * @property {string} work what the peer calls it
 * @property {(network: Network) => () => Promise<unknown>} ours
 * @property {[form: string, target?: number | undefined][]} forms the target: our time over its
 * @property {{ steps?: number, points?: number, dtype?: string }} [options]
 * @property {number} [rounds]
 */

/** What the forms of the peer are called in the table. @type {Record<string, string>} */
const FORMS = {
  module: 'torch, nn.Module',
  functional: 'torch, functions of tensors',
  flat: 'torch, flat vectors in and out',
  loop: 'torch, one point at a time',
  vmap: 'torch, vmap',
  stacked: 'torch, stacked by hand (bmm)',
};

/** @type {Work} */
const GRADIENT = {
  title: 'gradient',
  work: 'gradient',
  ours:
    ({ loss, theta, batch }) =>
    () =>
      loss.gradient(theta, batch),
  forms: [],
};

/** @type {Work} */
const HVP = {
  title: 'HVP',
  work: 'hvp',
  ours:
    ({ loss, theta, v, batch }) =>
    () =>
      loss.hvp(theta, v, batch),
  forms: [],
};

/** Many steps, since each run first builds its graph. @param {number} steps @returns {Work} */
const samSteps = (steps) => ({
  title: 'SAM step in minimize',
  work: 'sam',
  ours:
    ({ loss, theta }) =>
    () =>
      // Two points of the path: what is recorded is read back, and torch records nothing.
      minimize(loss, theta, sam(tf.train.sgd(0.01)), { steps, batchSize: BATCH, record: 2 }),
  forms: [],
  options: { steps },
  rounds: 5,
});

/** @param {number} points @returns {Work} */
const plane = (points) => ({
  title: `plane ${points}×${points}, per point`,
  work: 'plane',
  ours:
    ({ whole, theta, directions }) =>
    () =>
      lossSlice2D(whole, theta, { directions, points }),
  forms: [],
  options: { points },
});

/** @type {Work} */
const DOUBLE_HVP = {
  title: 'HVP in float64',
  work: 'hvp',
  ours: doubleHvp,
  forms: [],
  options: { dtype: 'float64' },
};

/**
 * Torch with its parameters as modules or tensors, and with flat vectors in and out.
 * @param {number} [target] @param {number} [flat] @returns {Work['forms']}
 */
function against(target, flat) {
  return [
    ['module', target],
    ['functional', target],
    ['flat', flat],
  ];
}

/** Targets: what the engine is to reach, at a batch of 128. @type {[name: string, make: () => Network, works: Work[]][]} */
const ROWS = [
  [
    'MLP',
    mlp,
    [
      { ...GRADIENT, forms: against(1.3, 1.05) },
      { ...HVP, forms: against(0.8) },
      { ...samSteps(500), forms: [['module', 0.7]] },
      { ...DOUBLE_HVP, forms: against() },
      { ...plane(11), forms: [['loop', 0.6]], rounds: 5 },
    ],
  ],
  [
    'CNN',
    cnn,
    [
      { ...GRADIENT, forms: against(0.65) },
      { ...HVP, forms: against(0.5) },
      { ...samSteps(60), forms: [['module', 0.75]] },
      { ...DOUBLE_HVP, forms: against(0.75) },
      { ...plane(7), forms: [['loop', 0.6]], rounds: 5 },
    ],
  ],
  [
    'tiny',
    tiny,
    [
      { ...GRADIENT, forms: against(0.4) },
      { ...HVP, forms: against(0.25) },
      { ...samSteps(2000), forms: [['module', 0.25]] },
      { ...plane(51), forms: [['vmap', 1], ['stacked', 1], ['loop']] },
    ],
  ],
];

/**
 * Gradients, HVPs, SAM steps and planes of three networks, against torch with two threads.
 * @param {string} [only] a part of the names of the rows wanted @returns {Promise<import('./report.mjs').Result>}
 */
export async function measure(only = '') {
  const built = wanted(only).map(([name, make, works]) => ({ name, network: make(), works }));
  return withFiles(
    built.map(({ network }) => network),
    async (folder) => {
      const installed = await installPeers([`torch==${TORCH}`, 'numpy']);
      const torch = installed ? pythonProgram('engine.py', [folder]) : undefined;
      const rows = [];
      for (const { name, network, works } of built) {
        if (torch !== undefined) await checkSame(network, torch);
        for (const work of works) rows.push(...(await measureOne(name, network, work, torch)));
      }
      torch?.close();
      return { rows, versions: versions(installed) };
    },
  );
}

/** @param {string} only @returns {typeof ROWS} */
function wanted(only) {
  const picked = (/** @type {string} */ name, /** @type {Work} */ { title }) =>
    `${name}: ${title}`.includes(only);
  return ROWS.map(([name, make, works]) => {
    /** @type {(typeof ROWS)[number]} */
    const rows = [name, make, works.filter((work) => picked(name, work))];
    return rows;
  }).filter(([, , works]) => works.length > 0);
}

/** @param {string} name @param {Network} network @param {Work} work @param {Torch | undefined} torch */
async function measureOne(name, network, work, torch) {
  const task = `${name}: ${work.title}`;
  const call = work.ours(network);
  const { steps, points } = work.options ?? {};
  const per = steps ?? (points ?? 1) ** 2;
  const peers = torch === undefined ? [] : work.forms.map((form) => peer(network, work, form, per, torch));
  console.log(`… ${task}`);
  return race(task, [repeated('losslab', call, per), ...peers], { rounds: work.rounds ?? 7 });
}

/** @param {Network} network @param {Work} work @param {[form: string, target?: number | undefined]} form @param {number} per @param {Torch} torch @returns {import('./timing.mjs').Contender} */
function peer({ name }, { work, options }, [form, target], per, torch) {
  const line = JSON.stringify({ network: name, work, form, per, ...options });
  return {
    name: FORMS[form] ?? form,
    ...(target === undefined ? {} : { target }),
    run: () => torch.ask(line),
  };
}

/** Throws unless torch's network is ours: the loss of the batch, gᵀv, vᵀHv and a corner of the plane agree. @param {Network} network @param {Torch} torch */
async function checkSame(network, torch) {
  const { name, loss, whole, theta, v, batch, directions } = network;
  const its = await torch.ask(JSON.stringify({ network: name, work: 'check' }));
  const { value, gradient } = await loss.gradient(theta, batch);
  const [d1, d2] = directions.vectors;
  const corner = theta.map((w, k) => w - (d1?.[k] ?? 0) - (d2?.[k] ?? 0));
  const ours = {
    loss: value,
    module: value,
    slope: dot(gradient, v),
    corner: await whole.value(corner),
    curvature: dot(await loss.hvp(theta, v, batch), v),
    ...(name === 'tiny' ? {} : { curvatureInFloat64: dot(await doubleHvp(network)(), v) }),
  };
  for (const [what, number] of Object.entries(ours))
    if (Math.abs(number - its[what]) > 1e-3 * Math.abs(its[what]))
      throw new Error(
        `${name}: ${what} must be torch's ${its[what]}, got ${number}: this is not the same work`,
      );
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function dot(a, b) {
  return Array.from(a).reduce((sum, x, i) => sum + x * (b[i] ?? Number.NaN), 0);
}

/** @param {boolean} installed @returns {Record<string, string>} */
function versions(installed) {
  const { binding } = /** @type {{ binding?: { TF_Version: string } }} */ (tf.backend());
  return {
    'TensorFlow.js': tf.version.tfjs,
    TensorFlow: binding?.TF_Version ?? tf.getBackend(),
    ...(installed ? { torch: `${TORCH}, 2 threads` } : {}),
  };
}
