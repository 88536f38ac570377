export { type Canary, type CanaryOptions, createCanary } from './canary.ts';
export { type NodePath, pathKey } from './node-path.ts';
