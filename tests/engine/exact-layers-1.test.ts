import { provenExact } from './proven';

provenExact('layer', (i) => i % 2 === 0);
