/** Endpoints of two models, paired by name, in classes that no policy of either can tell apart. */
import type { Address } from '../address.ts';
import type { Model } from '../decide.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Labels, Port } from '../world.ts';
import { type EndpointClass, refine } from './classes.ts';

/** A model, and the ports that each of its endpoints has cells for. */
export interface ComparedSide {
  readonly model: Model;
  readonly portsOf: (endpoint: string) => readonly Port[];
}

/** Endpoints of the same names in both models, or in one of them: alike before the change and alike after it. */
export interface PairedClass {
  readonly names: readonly string[];
  /** null if they do not exist on that side. */
  readonly before: EndpointClass | null;
  readonly after: EndpointClass | null;
}

export interface Paired {
  readonly pairs: readonly PairedClass[];
  /** What the pairs consist of. An endpoint that looks the same on both sides is in one class for both. */
  readonly classes: readonly EndpointClass[];
}

export const pairEndpoints = (before: Model, after: Model): Paired => {
  const { shared, onlyBefore, onlyAfter } = sortedOut(before, after);
  const whole = [shared, onlyBefore, onlyAfter].map((members, id) => ({ id, sample: members[0] as Endpoint, members }));
  const classes = refine(
    whole.filter(({ members }) => members.length > 0),
    [...new Set([...before.policies, ...after.policies])],
  );
  const isShared = new Set(shared);
  const [alike = [], others = []] = [true, false].map((wanted) =>
    classes.filter(({ sample }) => isShared.has(sample) === wanted),
  );
  const classOf = new Map(others.flatMap((own) => own.members.map((member) => [member, own] as const)));
  const afterOf = new Map(onlyAfter.map((endpoint) => [endpoint.name, endpoint]));
  const pairs = new Map<string, { names: string[]; before: EndpointClass | null; after: EndpointClass | null }>();
  const add = (name: string, was: Endpoint | undefined, is: Endpoint | undefined): void => {
    const [own, other] = [was && classOf.get(was), is && classOf.get(is)];
    const key = `${own?.id ?? ''} ${other?.id ?? ''}`;
    const pair = pairs.get(key);
    if (pair) pair.names.push(name);
    else pairs.set(key, { names: [name], before: own ?? null, after: other ?? null });
  };
  for (const endpoint of onlyBefore) add(endpoint.name, endpoint, afterOf.get(endpoint.name));
  for (const endpoint of onlyAfter) if (!before.endpoints.has(endpoint.name)) add(endpoint.name, undefined, endpoint);
  const same = alike.map((own) => ({ names: own.members.map(({ name }) => name), before: own, after: own }));
  return { pairs: [...same, ...pairs.values()], classes };
};

/** The endpoints of both models: those that look the same in both, and the others of each. */
const sortedOut = (before: Model, after: Model) => {
  // The same endpoints under other policies.
  if (before.endpoints === after.endpoints)
    return { shared: [...before.endpoints.values()], onlyBefore: [], onlyAfter: [] };
  const sameRanges = rangesKey(before) === rangesKey(after);
  const [shared, onlyBefore, onlyAfter]: [Endpoint[], Endpoint[], Endpoint[]] = [[], [], []];
  for (const endpoint of before.endpoints.values()) {
    const other = after.endpoints.get(endpoint.name);
    (sameRanges && other && looksLike(endpoint, other) ? shared : onlyBefore).push(endpoint);
  }
  const same = new Set(shared.map(({ name }) => name));
  for (const endpoint of after.endpoints.values()) if (!same.has(endpoint.name)) onlyAfter.push(endpoint);
  return { shared, onlyBefore, onlyAfter };
};

const rangesKey = ({ endpoints }: Model): string => {
  const [first] = endpoints.values();
  return (first?.never ?? []).map(({ text }) => text).join();
};

/** Whether policies treat both alike: whether everything that they can see is equal. */
const looksLike = (one: Endpoint, other: Endpoint): boolean =>
  one === other ||
  (one.kind === other.kind &&
    one.hostNetwork === other.hostNetwork &&
    one.namespace?.name === other.namespace?.name &&
    hasSame(one.namespace?.labels ?? NONE, other.namespace?.labels ?? NONE) &&
    hasSame(one.labels, other.labels) &&
    isSameList(one.ports, other.ports, isSamePort) &&
    isSameList(one.families, other.families, (family, own) => family === own) &&
    (one.addresses === null) === (other.addresses === null) &&
    isSameList(one.addresses ?? [], other.addresses ?? [], isSameAddress));

const NONE: Labels = {};

const hasSame = (one: Labels, other: Labels): boolean => {
  if (one === other) return true;
  let count = 0;
  for (const key in one) {
    if (one[key] !== other[key]) return false;
    count += 1;
  }
  return count === Object.keys(other).length;
};

const isSameList = <Item>(
  one: readonly Item[],
  other: readonly Item[],
  isSame: (item: Item, own: Item) => boolean,
): boolean =>
  one === other || (one.length === other.length && one.every((item, at) => isSame(item, other[at] as Item)));

const isSamePort = (one: Port, other: Port): boolean =>
  one.number === other.number && one.protocol === other.protocol && one.name === other.name;

const isSameAddress = (one: Address, other: Address): boolean =>
  one.family === other.family && one.value === other.value;
