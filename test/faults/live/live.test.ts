import { liveFaults, testLiveFaults } from './live-faults.ts';

describe('faults of a real cluster', () => testLiveFaults(liveFaults));
