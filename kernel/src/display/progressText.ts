import type { MimeBundle } from '../places/messages';
import { count, escapeHtml } from './text';

/** What a task's line says. */
export interface Standing {
  label: string;
  done: number;
  total: number | undefined;
  /** Milliseconds since the task began. */
  elapsed: number;
  /** Per second, of late; undefined while nothing can be said. */
  rate: number | undefined;
  ending?: 'done' | 'interrupted' | 'stopped';
}

/** A bar while the task runs, one line of plain text when it has ended. */
export function progressBundle(standing: Standing): MimeBundle {
  const plain = progressLine(standing);
  if (standing.ending !== undefined) return { 'text/plain': plain };
  return { 'text/html': progressHtml(standing), 'text/plain': plain };
}

/** `training  37 %  370 of 1,000  31/s  20 s left`, at the end `training  100 %  1,000 in 12 s`. */
export function progressLine(standing: Standing): string {
  const { label, ending, elapsed } = standing;
  const parts = ending === undefined ? [amounts(standing), pace(standing), left(standing)] : [];
  if (ending === 'done') parts.push(`${amount(standing.done)} in ${duration(elapsed)}`);
  else if (ending !== undefined) parts.push(`${amounts(standing)}, ${ending} after ${duration(elapsed)}`);
  return [label, percent(standing), ...parts].filter((part) => part !== '').join('  ');
}

/** How much is done, in percent; nothing is said of what has no end. */
function share({ done, total }: Standing): number | undefined {
  return total === undefined || total === 0 ? undefined : Math.min(100, (100 * done) / total);
}

/** Rounded down: 100 % is said of nothing that is not done. */
function percent(standing: Standing): string {
  const part = share(standing);
  return part === undefined ? '' : `${Math.floor(part)} %`;
}

function amounts({ done, total }: Standing): string {
  return total === undefined ? amount(done) : `${amount(done)} of ${amount(total)}`;
}

function pace({ rate }: Standing): string {
  if (rate === undefined || rate <= 0) return '';
  return rate >= 1 ? `${amount(rate)}/s` : `${duration(1000 / rate)} each`;
}

function left({ done, total, rate }: Standing): string {
  if (total === undefined || rate === undefined || rate <= 0 || done >= total) return '';
  return `${duration((1000 * (total - done)) / rate)} left`;
}

function amount(n: number): string {
  return count(n >= 100 || Number.isInteger(n) ? Math.round(n) : Number(n.toPrecision(2)));
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${count(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

const LINE =
  'display:flex;align-items:center;gap:1em;white-space:pre;font-family:var(--jp-code-font-family,monospace);' +
  'font-size:var(--jp-code-font-size,13px);color:var(--jp-content-font-color1,inherit)';
const TRACK =
  'flex:0 1 20em;height:0.6em;border-radius:0.3em;background:var(--jp-layout-color3,#ccc);overflow:hidden';

/** The bar in the colours of JupyterLab's theme, the rest of the line beside it. */
function progressHtml(standing: Standing): string {
  const { label } = standing;
  const words = [percent(standing), amounts(standing), pace(standing), left(standing)].filter(Boolean);
  const name = label === '' ? '' : `<span>${escapeHtml(label)}</span>`;
  return `<div style="${LINE}">${name}${bar(standing)}<span>${escapeHtml(words.join('  '))}</span></div>`;
}

function bar(standing: Standing): string {
  const part = share(standing);
  if (part === undefined) return '';
  const width = `${part.toFixed(1)}%`;
  const fill = `<div style="width:${width};height:100%;background:var(--jp-brand-color1,#1976d2)"></div>`;
  const aria = `role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="${Math.floor(part)}"`;
  return `<div ${aria} style="${TRACK}">${fill}</div>`;
}
