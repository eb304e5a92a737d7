import { provenExact } from './proven';

provenExact('activation');
