/**
 * The quick way to see that an object is sound: most are, and zod takes twenty times as long to say so. Whatever is unusual is
 * left to zod, which alone says what is wrong.
 */
import { LIMITS } from '../limits.ts';
import {
  isLabelKey,
  isLabelValue,
  isNamespaceName,
  isPortName,
  isPortNumber,
  isSubdomain,
  PROTOCOLS,
} from '../syntax.ts';
import type { ShapeKind } from './shapes.ts';

/** True only if the object has the shape of its kind. */
export const hasPlainShape = (kind: ShapeKind, value: unknown): boolean => {
  if (!isMapping(value)) return false;
  const { metadata, spec, status } = value;
  if (kind === 'Namespace') return isMetadata(metadata, isNamespaceName);
  if (kind === 'Pod') return isMetadata(metadata, isSubdomain) && isPodSpec(spec) && isStatus(status);
  return WITH_TEMPLATE.has(kind) && isMetadata(metadata, isSubdomain) && isTemplated(spec);
};

const WITH_TEMPLATE: ReadonlySet<ShapeKind> = new Set(['Deployment', 'DaemonSet', 'ReplicaSet', 'Job']);

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMetadata = (value: unknown, isName: (name: string) => boolean): boolean => {
  if (!isMapping(value)) return false;
  const { name, generateName, namespace, labels, ownerReferences } = value;
  return (
    typeof name === 'string' &&
    isName(name) &&
    isTextOrNone(generateName) &&
    isShortList(ownerReferences, isOwner) &&
    (namespace === undefined || (typeof namespace === 'string' && isNamespaceName(namespace))) &&
    isLabels(labels)
  );
};

const isTextOrNone = (value: unknown): boolean => value === undefined || typeof value === 'string';

const isOwner = (value: unknown): boolean =>
  isMapping(value) &&
  isTextOrNone(value.kind) &&
  isTextOrNone(value.name) &&
  (value.controller === undefined || typeof value.controller === 'boolean');

const isStatus = (value: unknown): boolean => value === undefined || (isMapping(value) && isTextOrNone(value.phase));

const isLabels = (value: unknown): boolean => {
  if (value === undefined) return true;
  if (!isMapping(value)) return false;
  const keys = Object.keys(value);
  return keys.length <= LIMITS.labels && keys.every((key) => isLabelKey(key) && isLabelValue(value[key]));
};

const isTemplated = (value: unknown): boolean => {
  if (!isMapping(value) || !isMapping(value.template) || value.ordinals !== undefined) return false;
  const { metadata, spec } = value.template;
  return (metadata === undefined || (isMapping(metadata) && isLabels(metadata.labels))) && isPodSpec(spec);
};

const isPodSpec = (value: unknown): boolean => {
  if (!isMapping(value)) return false;
  if (soundSpecs.has(value)) return true;
  const { containers, initContainers, hostNetwork } = value;
  const isSound = initContainers === undefined && hostNetwork === undefined && isShortList(containers, isContainer);
  if (isSound) soundSpecs.add(value);
  return isSound;
};

/** Pods that are written alike have one spec, as `plainDocuments` reads them. */
const soundSpecs = new WeakSet<Mapping>();

const isShortList = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  value === undefined || (Array.isArray(value) && value.length <= LIMITS.ports && value.every(isItem));

const isContainer = (value: unknown): boolean =>
  isMapping(value) && value.restartPolicy === undefined && isShortList(value.ports, isContainerPort);

const isContainerPort = (value: unknown): boolean =>
  isMapping(value) &&
  isPortNumber(value.containerPort) &&
  (value.name === undefined || (typeof value.name === 'string' && isPortName(value.name))) &&
  (value.protocol === undefined || PROTOCOLS.includes(value.protocol as (typeof PROTOCOLS)[number]));
