export { archiveOf } from './archive.ts';
export { factsOf, type NodeFacts } from './facts.ts';
export { bundledNamespace, bundleManifests, CONTAINER, requireWhole } from './manifests.ts';
export { reproduceScript } from './script.ts';
