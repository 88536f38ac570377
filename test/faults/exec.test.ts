import { execFaults } from './exec-faults.ts';
import { testFaults } from './fault.ts';

describe('faults of execs', () => testFaults(execFaults));
