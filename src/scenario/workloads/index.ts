/** Manifests as they ship → a topology. Reads no files: it is given documents. */
export { addServices } from './add-services.ts';
export { checkOf } from './check-objects.ts';
export { type Given, type GivenPods, givenBy, NOTHING_GIVEN } from './given.ts';
export { isTopologyKind } from './kinds.ts';
export { createReadObject, type GivenObject } from './read-objects.ts';
export { canServe } from './serve-port.ts';
export { ordinalLabels, type Workload } from './workload.ts';
