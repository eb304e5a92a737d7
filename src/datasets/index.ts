export * as datasets from './all';
export type { LabelledData } from './digits';
