export type { AnalyticLoss } from './analyticLoss';
export * as analytic from './surfaces';
