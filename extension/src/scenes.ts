import { drawPlot, type Plot, purgePlot, snapshot } from './plotly';

/** Chromium keeps 16 WebGL contexts, and drops the oldest without a word; Plotly takes one more for each picture. */
export const MOST_SCENES = 8;

interface Scene {
  host: HTMLElement;
  plot: Plot;
  visible: boolean;
}

/** Scenes that hold a WebGL context, the one seen longest ago first. */
const live: Scene[] = [];
const scenes = new Map<Element, Scene>();
let work: Promise<unknown> = Promise.resolve();

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) see(target, isIntersecting);
});

/**
 * Draws a 3D plot. Where eight are live already, one that is seen takes the place of the one seen longest ago, which
 * becomes a picture of itself; one that is not seen is drawn when it is.
 */
export function drawScene(host: HTMLElement, plot: Plot): Promise<void> {
  const scene = scenes.get(host) ?? { host, plot, visible: false };
  scene.plot = plot;
  scene.visible = isSeen(host);
  scenes.set(host, scene);
  observer.observe(host);
  return inTurn(() => enliven(scene));
}

/** The observer tells of changes only, and later. */
function isSeen(host: HTMLElement): boolean {
  const { top, bottom } = host.getBoundingClientRect();
  return top < window.innerHeight && bottom > 0;
}

/** Frees what a 3D plot holds. */
export function dropScene(host: HTMLElement): Promise<void> {
  const scene = scenes.get(host);
  scenes.delete(host);
  observer.unobserve(host);
  return inTurn(async () => {
    forget(scene);
    await purgePlot(host);
  });
}

function see(target: Element, visible: boolean): void {
  const scene = scenes.get(target);
  if (!scene) return;
  scene.visible = visible;
  if (visible && !live.includes(scene)) void inTurn(() => enliven(scene));
}

/** One change at a time, so that the count of contexts is right; a failed one does not stop the next. */
function inTurn(task: () => Promise<void>): Promise<void> {
  const result = work.then(task);
  work = result.catch(() => {});
  return result;
}

async function enliven(scene: Scene): Promise<void> {
  if (scenes.get(scene.host) !== scene) return;
  forget(scene);
  if (live.length >= MOST_SCENES && !scene.visible) return;
  while (live.length >= MOST_SCENES) await freeze(live.find(({ visible }) => !visible) ?? live[0]!);
  if (scene.host.querySelector('.losslab-snapshot')) scene.host.replaceChildren();
  await drawPlot(scene.host, scene.plot);
  live.push(scene);
}

async function freeze(scene: Scene): Promise<void> {
  forget(scene);
  const { host, plot } = scene;
  const picture = document.createElement('img');
  picture.className = 'losslab-snapshot';
  picture.src = await snapshot(host, plot.layout);
  picture.width = plot.layout.width;
  picture.height = plot.layout.height;
  await purgePlot(host);
  host.replaceChildren(picture);
}

function forget(scene: Scene | undefined): void {
  const at = scene ? live.indexOf(scene) : -1;
  if (at >= 0) live.splice(at, 1);
}
