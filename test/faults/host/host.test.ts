import { hostFaults, testHostFaults } from './host-faults.ts';

describe('faults of this machine', () => testHostFaults(hostFaults));
