import { provenExact } from './proven';

provenExact('network');
