export { type Canary, createCanary } from './canary.ts';
export type { CanaryOptions } from './canary-options.ts';
export { LateNodes } from './late-nodes.ts';
export { type NodePath, pathKey } from './node-path.ts';
