import { testFaults } from './fault.ts';
import { policyFaults } from './policy-faults.ts';

describe('faults of policies', () => testFaults(policyFaults));
