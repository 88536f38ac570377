export { type Canary, createCanary } from './canary.ts';
export type { CanaryOptions } from './canary-options.ts';
export { type NodePath, pathKey } from './node-path.ts';
