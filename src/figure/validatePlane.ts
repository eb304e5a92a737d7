import { LIMITS } from './schema';
import {
  axis,
  fail,
  type Json,
  list,
  number,
  numbers,
  numbersAs,
  object,
  oneOf,
  range,
  text,
  whole,
} from './validators';

/** Checks a panel over a plane. */
export function validatePlanePanel(path: string, panel: Json): void {
  axis(`${path}.x`, panel.x);
  axis(`${path}.y`, panel.y);
  const columns = numbers(`${path}.alpha`, panel.alpha, 2, LIMITS.gridSide);
  const rows = numbers(`${path}.beta`, panel.beta, 2, LIMITS.gridSide);
  numbersAs(`${path}.values`, panel.values, columns * rows);
  validateColor(`${path}.color`, panel.color);
  if (panel.center !== undefined)
    list(`${path}.center`, panel.center, 2, 2).forEach((x, i) => {
      number(`${path}.center[${i}]`, x);
    });
  list(`${path}.paths`, panel.paths, 0, LIMITS.paths).forEach((item, i) => {
    validatePath(`${path}.paths[${i}]`, item);
  });
}

function validateColor(path: string, json: unknown): void {
  const color = object(path, json);
  text(`${path}.label`, color.label);
  range(`${path}.range`, color.range, oneOf(`${path}.scale`, color.scale, ['linear', 'log']));
  const levels = list(`${path}.levels`, color.levels, 0, LIMITS.levels);
  levels.forEach((level, i) => {
    number(`${path}.levels[${i}]`, level);
    if (i > 0 && !((level as number) > (levels[i - 1] as number)))
      fail(`${path}.levels[${i}]`, `a number above ${levels[i - 1]}`, String(level));
  });
  if (color.note !== undefined) text(`${path}.note`, color.note);
  list(`${path}.labelled`, color.labelled, 0, LIMITS.levels).forEach((item, i) => {
    const { level, text: label } = object(`${path}.labelled[${i}]`, item);
    if (!levels.includes(level)) fail(`${path}.labelled[${i}].level`, 'one of the levels', String(level));
    text(`${path}.labelled[${i}].text`, label);
  });
}

function validatePath(path: string, json: unknown): void {
  const item = object(path, json);
  text(`${path}.name`, item.name);
  whole(`${path}.style`, item.style, 0, LIMITS.series);
  const length = numbers(`${path}.alpha`, item.alpha, 1, LIMITS.pathPoints);
  numbersAs(`${path}.beta`, item.beta, length);
  numbersAs(`${path}.values`, item.values, length);
}
