import { quoted } from '../../text.ts';
import type { NetworkPolicy } from '../policy.ts';
import { checkAnnotations, checkLabels } from './label.ts';
import { isDnsLabel, isDnsSubdomain } from './name-syntax.ts';
import { checkFinalizers, checkManagedFields, checkOwners } from './ownership.ts';
import { at, type Spot, TOP } from './spot.ts';
import { checkTime, checkWhole, type Mapping, readMapping, readText, type Tell } from './value.ts';

type Names = Pick<NetworkPolicy, 'name' | 'namespace'>;
type Check = (value: unknown, spot: Spot, tell: Tell) => unknown;

const METADATA = at(TOP, 'metadata');
const DNS = 'with a letter or a digit at both ends';

/**
 * Reads an object's metadata, and reports everything for which the API server would refuse a NetworkPolicy: fields of
 * the wrong type (ObjectMeta of k8s.io/apimachinery), and violations of ValidateObjectMeta of k8s.io/kubernetes.
 */
export const readMetadata = (value: unknown, fallback: string, tell: Tell): Names | null => {
  const metadata = readMapping(value, Object.keys(CHECKS), METADATA, tell);
  if (!metadata) return null;
  for (const [key, check] of Object.entries(CHECKS)) {
    const written = metadata[key] ?? null;
    if (written !== null) check(written, at(METADATA, key), tell);
  }
  return namesIn(metadata, fallback, tell);
};

const namesIn = ({ name = null, namespace = null }: Mapping, fallback: string, tell: Tell): Names | null => {
  if (name === null || name === '') tell(METADATA, 'the policy has no name');
  if (typeof name !== 'string') return null;
  return { name, namespace: typeof namespace === 'string' && namespace ? namespace : fallback };
};

const checkName: Check = (value, spot, tell) => {
  const name = readText(value, spot, tell);
  if (name && !isDnsSubdomain(name))
    tell(spot, `invalid name ${quoted(name)}: up to 253 lower case letters, digits, "-" and ".", ${DNS}`);
};

/** The API server appends a suffix that begins with a letter or a digit, so the name may end with "-". */
const checkGenerateName: Check = (value, spot, tell) => {
  const name = readText(value, spot, tell);
  if (name && !isDnsSubdomain(name.replace(/(?<=.)-$/, 'a')))
    tell(
      spot,
      `invalid generateName ${quoted(name)}: the beginning of a name of lower case letters, digits, "-" and "."`,
    );
};

const checkNamespace: Check = (value, spot, tell) => {
  const name = readText(value, spot, tell);
  if (name && !isDnsLabel(name))
    tell(spot, `invalid namespace ${quoted(name)}: up to 63 lower case letters, digits and "-", ${DNS}`);
};

/** Every key of ObjectMeta, with the check of its value. */
const CHECKS: Readonly<Record<string, Check>> = {
  name: checkName,
  generateName: checkGenerateName,
  namespace: checkNamespace,
  selfLink: readText,
  uid: readText,
  resourceVersion: readText,
  generation: checkWhole,
  creationTimestamp: checkTime,
  deletionTimestamp: checkTime,
  deletionGracePeriodSeconds: checkWhole,
  labels: checkLabels,
  annotations: checkAnnotations,
  ownerReferences: checkOwners,
  finalizers: checkFinalizers,
  managedFields: checkManagedFields,
};
