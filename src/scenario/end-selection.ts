import { endName } from '../model/index.ts';
import { type createNearest, quoted } from '../text.ts';
import { isPartial, matcherOf, partsOf, whyUnfitForEnds } from './end-pattern.ts';
import { createLabelSelection } from './label-selection.ts';
import type { TellRule } from './rule-ports.ts';
import type { End } from './topology.ts';
import type { WrittenEnd } from './written-ends.ts';

/** The ends that a rule names; an error for what names none goes to `wrong`, with its path. */
export type SelectEnds = (written: WrittenEnd, path: readonly PropertyKey[], wrong: TellRule) => readonly End[];

/** Selects among these ends, by name, by pattern or by labels. */
export const createSelection = (ends: readonly End[], nearest: ReturnType<typeof createNearest>): SelectEnds => {
  const known = byWholeNames(ends);
  const names = ends.map((end) => ({ end, parts: partsOf(end.endpoint) }));
  const found = new Map<string, readonly End[]>();

  const matching = (pattern: string): readonly End[] => {
    const whole = known.get(pattern) ?? found.get(pattern);
    if (whole || !pattern.includes('*')) return whole ?? [];
    const matches = matcherOf(pattern);
    const own = names.filter(({ parts }) => matches(parts)).map(({ end }) => end);
    found.set(pattern, own);
    return own;
  };

  const byPattern = (pattern: string, path: readonly PropertyKey[], wrong: TellRule): readonly End[] => {
    const unfit = whyUnfitForEnds(pattern);
    const own = unfit === null ? matching(pattern) : [];
    if (unfit !== null) wrong(path, unfit);
    else if (own.length === 0) {
      const candidates = [...(isPartial(pattern) ? beginnings(ends) : []), ...known.keys()];
      wrong(path, `${quoted(pattern)} matches no endpoint${nearest('endpoint', pattern, candidates)}`);
    }
    return own;
  };

  const byLabels = createLabelSelection(ends, nearest);
  return (written, path, wrong) =>
    typeof written === 'string' ? byPattern(written, path, wrong) : byLabels(written, path, wrong);
};

/** `prod/web-*` for each `prod/web-6d5f-abcde`: what a pattern that matches nothing most likely means. */
const beginnings = (ends: readonly End[]): readonly string[] => [
  ...new Set(
    ends.flatMap(({ endpoint }) => [...endpoint.matchAll(/-/g)].map(({ index }) => `${endpoint.slice(0, index)}-*`)),
  ),
];

/** `*` stands for a whole name, as the namespace, the pod or both; `host:*` stands for every host. */
const wholeNames = (end: End): readonly string[] => {
  switch (end.kind) {
    case 'pod':
      return [...namespacedNames(end), '*'];
    case 'service':
      return [...namespacedNames(end), `${end.way}:*`, '*'];
    case 'kubelet':
      return [end.endpoint, '*'];
    default:
      return [end.endpoint, endName({ ...end, name: '*' }), '*'];
  }
};

const namespacedNames = (end: Extract<End, { kind: 'pod' | 'service' }>): readonly string[] => [
  end.endpoint,
  endName({ ...end, name: '*' }),
  endName({ ...end, namespace: '*' }),
  endName({ ...end, namespace: '*', name: '*' }),
];

/** The ends by their names, and by patterns of whole names, which need no comparing. */
const byWholeNames = (ends: readonly End[]): ReadonlyMap<string, readonly End[]> => {
  const found = new Map<string, End[]>();
  for (const end of ends)
    for (const name of new Set(wholeNames(end))) {
      const own = found.get(name);
      if (own) own.push(end);
      else found.set(name, [end]);
    }
  return found;
};
