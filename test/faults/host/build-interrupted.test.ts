import { interrupted } from './build-faults.ts';
import { testHostFaults } from './host-faults.ts';

describe('faults of image builds', () => testHostFaults([interrupted]));
