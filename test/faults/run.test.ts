import { runFaults, testRunFaults } from './run-faults.ts';

describe('faults of whole runs', () => testRunFaults(runFaults));
