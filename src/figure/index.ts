export * from './numbers';
export * from './schema';
