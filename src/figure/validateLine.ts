import { LIMITS } from './schema';
import { axis, type Json, list, number, numbers, numbersAs, object, text, whole } from './validators';

/** Checks a panel of curves. */
export function validateLinePanel(path: string, panel: Json): void {
  axis(`${path}.x`, panel.x);
  axis(`${path}.y`, panel.y);
  validateSeries(`${path}.series`, panel.series);
  list(`${path}.marks`, panel.marks, 0, LIMITS.marks).forEach((mark, i) => {
    const { x, label } = object(`${path}.marks[${i}]`, mark);
    number(`${path}.marks[${i}].x`, x);
    text(`${path}.marks[${i}].label`, label);
  });
  if (panel.below === undefined) return;
  const below = object(`${path}.below`, panel.below);
  axis(`${path}.below.y`, below.y);
  validateSeries(`${path}.below.series`, below.series);
}

function validateSeries(path: string, json: unknown): void {
  list(path, json, 1, LIMITS.series).forEach((item, i) => {
    const at = `${path}[${i}]`;
    const series = object(at, item);
    text(`${at}.name`, series.name);
    whole(`${at}.style`, series.style, 0, LIMITS.series);
    const length = numbers(`${at}.x`, series.x, 1, LIMITS.points);
    numbersAs(`${at}.y`, series.y, length);
    if (series.lower !== undefined) numbersAs(`${at}.lower`, series.lower, length);
    if (series.upper !== undefined) numbersAs(`${at}.upper`, series.upper, length);
  });
}
