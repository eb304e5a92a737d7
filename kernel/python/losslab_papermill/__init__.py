"""papermill's parameters in TypeScript notebooks."""
