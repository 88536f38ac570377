export { cacheFolder } from '../cache-folder.ts';
export { contentKey } from '../content-key.ts';
export {
  isBeforeRestart,
  isDead,
  isGone,
  isHere,
  type Owner,
  ownerText,
  parseOwner,
  processOwner,
  thisMachine,
  thisOwner,
} from '../owner.ts';
export {
  cached,
  deadUnfinished,
  isCached,
  removeUnfinished,
  unfinishedFolder,
} from './cache.ts';
export { type HostSurvey, minimums, wrapperRuntime } from './checks/facts.ts';
export { plan, type Topic } from './checks/preflight.ts';
export { surveyHost } from './checks/survey.ts';
export { cancelledBy, run } from './command.ts';
export { type RegistryLogin, registryLogin } from './docker-login.ts';
export { requireEngine } from './engine.ts';
export { type FoundObject, foundClusters, removeObject } from './engine-objects.ts';
export { fetchText } from './fetch.ts';
export { runAfterEnd } from './guardian.ts';
export { type ImageChoice, imageSource } from './image-source.ts';
export { type Leftover, removeLeftovers } from './leftover.ts';
export { deadLocks, exclusively, removeDeadLock } from './locks.ts';
export { objectLeftovers } from './object-leftovers.ts';
export {
  describeOwnership,
  isOurs,
  isOursAndDead,
  type Ownership,
  ownershipLabels,
  thisHome,
  thisOwnership,
} from './ownership.ts';
export { withOwnership } from './ownership-mount.ts';
export { endGroup, killGroup } from './process-group.ts';
export { isAtLeast, versionIn } from './version.ts';
