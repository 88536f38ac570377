import { testFaults } from './fault.ts';
import { podFaults } from './pod-faults.ts';

describe('faults of pods', () => testFaults(podFaults));
