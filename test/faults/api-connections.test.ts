import { connections } from './api-faults.ts';
import { testFaults } from './fault.ts';

describe('faults of the API server: connections', () => testFaults(connections));
