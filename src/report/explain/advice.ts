/** What would open a connection, in words. Names and labels are the user's own, so the text is not printable yet. */
import type { Advice, AllowAll, Change, Manifest, NetworkPolicy, Path, Reach, TriedChange } from '../../model/index.ts';
import { andMore, plural } from '../../text.ts';
import { inlineYaml } from '../../yaml-library.ts';
import { peerText, placeText, policyName } from './selector.ts';

/** One change on one line: `label namespace prod with team=shop (opens more than was asked: from every pod of prod)` */
export const changeText = (tried: TriedChange): string => {
  const manifest = manifestOf(tried.change);
  const effects = effectsText(tried);
  const what = [words(tried.change), ...(manifest ? [inlineYaml(manifest)] : [])].join(': ');
  return what + (effects === '' ? '' : ` (${effects})`);
};

/** What else a change does: `also opens a/x -> a/y 80/TCP and 2 more`, and whom it lets through besides. */
const effectsText = ({ opens, closes, opened, reach }: TriedChange): string => {
  const cells = opened.map(({ from, to, port, protocol }) => `${from} -> ${to} ${port}/${protocol}`);
  const others = cells.join(', ') + andMore(opens - cells.length);
  return [
    ...(reach.length > 0 ? [`opens more than was asked: ${reach.map(reachText).join(', ')}`] : []),
    ...(opens > 0 ? [`also opens ${others}`] : []),
    ...(closes > 0 ? [`closes ${plural(closes, 'other connection')}`] : []),
  ].join('; ');
};

/** `to everywhere, including addresses outside the cluster`, `from every pod of namespace dev` */
export const reachText = (reach: Reach): string => {
  const { end } = reach;
  switch (reach.kind) {
    case 'everywhere':
      return `${end} everywhere, including addresses outside the cluster`;
    case 'namespaces':
      return `${end} pods of every namespace`;
    case 'namespace':
      return `${end} every pod of namespace ${reach.name}`;
    case 'addresses':
      return `${end} all of ${peerText(reach.block, '')}`;
  }
};

/** What a temporary allow-all would show, on one line. */
export const allowAllText = ({ direction, namespace, decision, blocking }: AllowAll): string => {
  const what = `A temporary allow-all for ${direction} in ${namespace}`;
  if (decision === 'allow') return `${what} would open it: only policies block it.`;
  const still = blocking.map((side) => `${side.direction} of ${side.endpoint} still blocks it`);
  return still.length > 0 ? `${what} would not open it: ${still.join(', ')}.` : `${what} may open it.`;
};

/** Ways to open it, each under its heading; nothing if none is known. */
export const adviceSections = ({ changes, together }: Advice): readonly (readonly string[])[] => {
  const alone = changes.length === 1 ? 'One change would open it:' : 'Any one of these changes would open it:';
  const all = together.length === 2 ? 'both' : 'all';
  const both = changes.length > 0 ? `Or ${all} of these:` : `No single change opens it; ${all} of these do:`;
  return [
    ...(changes.length > 0 ? [[alone, ...changes.map((change) => `  ${changeText(change)}`)]] : []),
    ...(together.length > 0 ? [[both, ...together.map((change) => `  ${changeText(change)}`)]] : []),
  ];
};

/** The narrowest way, on one line; null if none is known. */
export const bestAdvice = ({ changes, together }: Advice): string | null => {
  const [best] = changes;
  const way = together.length > 0 && (!best || best.closes > 0) ? together : best ? [best] : [];
  return way.length > 0 ? way.map(changeText).join(', and ') : null;
};

const words = (change: Change): string => {
  switch (change.kind) {
    case 'selector':
      return selectorWords(change);
    case 'labels':
      return labelWords(change);
    case 'port': {
      const { policy, number, direction, port } = change;
      const where = `${direction} rule ${number} of ${placedName(policy, ['spec', direction, number - 1])}`;
      return `add port ${port.number}/${port.protocol} to ${where}`;
    }
    case 'rule':
      return `add to ${policyName(change.policy)}, ${change.direction}`;
    case 'policy':
      return `add a policy to namespace ${change.namespace}, spec`;
  }
};

/** `change app=wbe to app=web in the podSelector of prod/web (policies/web.yaml:7)` */
const selectorWords = ({ policy, place, correction }: Extract<Change, { kind: 'selector' }>): string => {
  const { requirement, was, is } = correction;
  const rule = place.rule ? `${place.rule.direction} rule ${place.rule.number} of ` : '';
  const where = `the ${place.selector} of ${rule}${placedName(policy, requirement.path)}`;
  return `change ${was.key}=${was.value} to ${is.key}=${is.value} in ${where}`;
};

/** `prod/web (policies/web.yaml:7)`, with the line of a part of the policy. */
const placedName = (policy: NetworkPolicy, path: Path): string => {
  const place = placeText(policy, path);
  return policyName(policy) + (place ? ` (${place})` : '');
};

/**
 * `label pod prod/web with app=web`, `change the label app of pod prod/web from web to api`, `remove … from pod
 * prod/web`
 */
const labelWords = ({ of, name, labels, was }: Extract<Change, { kind: 'labels' }>): string => {
  const target = `${of} ${name}`;
  const entries = Object.entries(labels);
  const added = entries.filter(([key, value]) => value !== null && !Object.hasOwn(was, key));
  const changed = entries.filter(([key, value]) => value !== null && Object.hasOwn(was, key));
  const removed = entries.filter(([, value]) => value === null);
  return [
    ...(added.length > 0 ? [`label ${target} with ${added.map(([key, value]) => `${key}=${value}`).join(', ')}`] : []),
    ...changed.map(([key, value]) => `change the label ${key} of ${target} from ${was[key]} to ${value}`),
    ...removed.map(([key]) => `remove the label ${key} from ${target}`),
  ].join(' and ');
};

const manifestOf = (change: Change): Manifest | null => {
  if (change.kind === 'rule') return change.rule;
  return change.kind === 'policy' ? change.spec : null;
};
