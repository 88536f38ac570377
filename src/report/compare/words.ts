/** What a comparison says, in words that every format uses. Names are the user's own, so the text is not printable yet. */
import type { Cause, CellGroup, Change, Comparison, Doubt, EndChange, PolicyChange } from '../../compare/index.ts';
import { portText } from '../../scenario/index.ts';
import { listed, plural } from '../../text.ts';
import { seenText } from './live.ts';

/** In the order in which they are told. */
export const CHANGE_WORDS: Readonly<Record<Change, string>> = {
  opened: 'opened',
  closed: 'closed',
  'may-open': 'perhaps opened',
  'may-close': 'perhaps closed',
  'may-differ': 'affected but undecided before and after',
  added: 'new',
  removed: 'gone',
  undecided: 'undecided but not affected',
};

const DOUBTS: Readonly<Record<Doubt, string>> = {
  undefined: 'the specification leaves it undefined',
  'backends-differ': 'policies treat the pods behind the Service differently',
  'lookup-unknown': "it is not known whether policies let the name be looked up at the cluster's DNS",
  'address-unknown': 'it depends on an address that is not known',
};

/** `2 opened, 1 closed, 40 unchanged` */
export const countsText = ({ counts }: Pick<Comparison, 'counts'>): string =>
  [
    ...(Object.keys(CHANGE_WORDS) as Change[])
      .filter((change) => counts[change] > 0)
      .map((change) => `${counts[change]} ${CHANGE_WORDS[change]}`),
    `${counts.unchanged} unchanged`,
  ].join(', ');

/** What decides whether somebody reads on. */
const HEADLINE: readonly Change[] = ['opened', 'closed', 'may-open', 'may-close', 'added', 'removed'];

/** The answer for all comparisons: `2 cells opened, 1 closed`, or `no cell opened or closed`. */
export const headlineText = (comparisons: readonly Pick<Comparison, 'counts'>[]): string => {
  const [first, ...others] = HEADLINE.flatMap((change) => {
    const cells = comparisons.reduce((sum, { counts }) => sum + counts[change], 0);
    return cells > 0 ? [{ cells, word: CHANGE_WORDS[change] }] : [];
  });
  if (!first) return 'no cell opened or closed';
  return [`${plural(first.cells, 'cell')} ${first.word}`, ...others.map(({ cells, word }) => `${cells} ${word}`)].join(
    ', ',
  );
};

/** `now allowed by`, `isolated for ingress by` */
const effectText = ({ effect, direction }: Cause): string =>
  ({
    allows: 'now allowed by',
    allowed: 'no longer allowed by',
    isolates: `isolated for ${direction} by`,
    isolated: `no longer isolated for ${direction} by`,
  })[effect];

/** `ingress rule 1 of prod/web (k8s/web.yaml:9)` */
const sourceText = ({ direction, policy, rule, place, now }: Cause): string => {
  const places = [place, now].flatMap((one) => (one ? `${one.file}:${one.line}` : []));
  const where = places.length > 0 ? ` (${places.join(', now ')})` : '';
  return `${rule === undefined ? policy : `${direction} rule ${rule} of ${policy}`}${where}`;
};

/** `now allowed by ingress rule 1 of prod/web (k8s/web.yaml:9) and ingress rule 2 of prod/all (k8s/all.yaml:12)` */
const causeTexts = (causes: readonly Cause[]): readonly string[] =>
  [...Map.groupBy(causes, effectText)].map(([effect, own]) => `${effect} ${own.map(sourceText).join(' and ')}`);

/** Why a group of cells is what it is, on one line. */
export const whyText = ({ change, causes, doubt, before, after }: CellGroup): string => {
  const why = [...causeTexts(causes), ...(doubt ? [DOUBTS[doubt]] : [])];
  if (why.length > 0) return why.join('; ');
  if (change === 'added') return after === 'allow' ? 'allowed' : after === 'deny' ? 'blocked' : 'undecided';
  if (change === 'removed')
    return before === 'allow' ? 'was allowed' : before === 'deny' ? 'was blocked' : 'was undecided';
  return 'among the many whose cause was not looked up';
};

const NAMED_AT_MOST = 3;
const PORTS_AT_MOST = 6;

/** `dev/client, dev/job and 12 more -> prod/web 80/TCP, 443/TCP (14 cells)` */
export const cellsText = (group: CellGroup): string => {
  const { from, to, ports, family, cells } = group;
  const isAmongThem = from.length > 1 && from.length === to.length && from.every((name, at) => name === to[at]);
  const targets = isAmongThem ? 'each other' : listed(to, NAMED_AT_MOST);
  const what = listed(ports.map(portText), PORTS_AT_MOST);
  const over = family === undefined ? '' : ` over ${family}`;
  const more = [...(cells > 1 ? [plural(cells, 'cell')] : []), seenText(group)].filter((one) => one !== '').join(', ');
  return `${listed(from, NAMED_AT_MOST)} -> ${targets} ${what}${over}${more === '' ? '' : ` (${more})`}`;
};

const POLICY_WORDS: Readonly<Record<PolicyChange['change'], string>> = {
  added: 'new policy',
  removed: 'removed policy',
  changed: 'changed policy',
};

/** `changed policy prod/web (k8s/web.yaml:1) changes nothing: it selects no pod` */
export const policyText = ({ name, change, place, without }: PolicyChange): string => {
  const effect =
    without === undefined ? '' : ` changes nothing${without === 'pod' ? ': it selects no pod' : ' about any cell'}`;
  return `${POLICY_WORDS[change]} ${name} (${place.file}:${place.line})${effect}`;
};

const END_WORDS: Readonly<Record<EndChange['change'], string>> = {
  added: 'new',
  removed: 'gone',
  labels: 'other labels',
  ports: 'other ports',
  other: 'changed otherwise',
};

const ENDS_AT_MOST = 10;

/** `new: prod/cache, svc:prod/cache`, a line for each kind of change. */
export const endLines = (ends: readonly EndChange[]): readonly string[] =>
  (Object.keys(END_WORDS) as EndChange['change'][]).flatMap((change) => {
    const names = ends.filter((end) => end.change === change).map(({ name }) => name);
    return names.length > 0 ? [`${END_WORDS[change]}: ${listed(names, ENDS_AT_MOST)}`] : [];
  });
