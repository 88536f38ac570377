/** The owners, finalizers and field managers in the metadata of an exported object. */
import { kindOf, quoted } from '../../text.ts';
import { isLabelKey } from './name-syntax.ts';
import { at, type Spot } from './spot.ts';
import { checkTime, readItems, readMapping, readText, readWord, type Tell } from './value.ts';

const OWNER_TEXTS = ['apiVersion', 'kind', 'name', 'uid'];
const OWNER_FLAGS = ['controller', 'blockOwnerDeletion'];

/** Owner references, checked as ValidateOwnerReferences of k8s.io/apimachinery does. */
export const checkOwners = (value: unknown, spot: Spot, tell: Tell): void => {
  const controllers = readItems(value, spot, tell, checkOwner).filter((isController) => isController);
  if (controllers.length > 1) tell(spot, `${controllers.length} owners are the controller: only one can be`, 'key');
};

/** Whether it is the controller; null if the value is no reference, which is then reported. */
const checkOwner = (value: unknown, spot: Spot, tell: Tell): boolean | null => {
  const owner = readMapping(value, [...OWNER_TEXTS, ...OWNER_FLAGS], spot, tell);
  if (!owner) return null;
  for (const key of OWNER_TEXTS) {
    const text = owner[key] ?? '';
    if (text === '') tell(spot, `${key} is missing: an owner has ${OWNER_TEXTS.join(', ')}`);
    else readText(text, at(spot, key), tell);
  }
  for (const key of OWNER_FLAGS) checkFlag(owner[key] ?? false, at(spot, key), tell);
  if (owner.apiVersion === 'v1' && owner.kind === 'Event') tell(at(spot, 'kind'), 'an Event can own nothing');
  return owner.controller === true;
};

const checkFlag = (value: unknown, spot: Spot, tell: Tell): void => {
  if (typeof value !== 'boolean') tell(spot, `expected true or false, got ${kindOf(value)}`);
};

const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';
const STANDARD = [ORPHAN, FOREGROUND, 'kubernetes'];

/** Finalizers: one of Kubernetes' own (standardFinalizers of k8s.io/kubernetes), or a qualified name. */
export const checkFinalizers = (value: unknown, spot: Spot, tell: Tell): void => {
  const names = readItems(value, spot, tell, (item, own) => {
    const name = readText(item ?? '', own, tell);
    if (name !== null && !STANDARD.includes(name) && !(name.includes('/') && isLabelKey(name)))
      tell(own, `${quoted(name)} is not a finalizer: ${STANDARD.join(', ')}, or a name such as example.org/cleanup`);
    return name;
  });
  if (names.includes(ORPHAN) && names.includes(FOREGROUND))
    tell(spot, `${ORPHAN} and ${FOREGROUND} exclude each other`, 'key');
};

const MANAGER_TEXTS = ['manager', 'apiVersion', 'subresource'];
const MANAGER_KEYS = [...MANAGER_TEXTS, 'operation', 'time', 'fieldsType', 'fieldsV1'];

/** The server's own record of who set what, checked as ValidateManagedFields of k8s.io/apimachinery does. */
export const checkManagedFields = (value: unknown, spot: Spot, tell: Tell): void => {
  readItems(value, spot, tell, (item, own) => {
    const entry = readMapping(item, MANAGER_KEYS, own, tell);
    if (!entry) return null;
    const { operation = null, time = null, fieldsType = null, fieldsV1 = null } = entry;
    for (const key of MANAGER_TEXTS) readText(entry[key] ?? '', at(own, key), tell);
    readWord(operation, ['Apply', 'Update'], 'operation', operation === null ? own : at(own, 'operation'), tell);
    if (time !== null) checkTime(time, at(own, 'time'), tell);
    if (fieldsType !== null) readWord(fieldsType, ['FieldsV1'], 'fieldsType', at(own, 'fieldsType'), tell);
    if (fieldsV1 !== null) readMapping(fieldsV1, null, at(own, 'fieldsV1'), tell);
    return entry;
  });
};
