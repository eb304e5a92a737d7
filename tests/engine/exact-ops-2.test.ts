import { provenExact } from './proven';

provenExact('op', (i) => i % 2 === 1);
