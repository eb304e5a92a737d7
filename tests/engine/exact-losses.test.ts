import { provenExact } from './proven';

provenExact('loss');
