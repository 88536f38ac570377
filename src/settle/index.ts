export { type Canary, type CanaryOptions, createCanary } from './canary.ts';
