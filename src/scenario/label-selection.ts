import { hasLabels } from '../model/index.ts';
import { type createNearest, quoted } from '../text.ts';
import { matcherOf, partsOf, whyUnfitForEnds } from './end-pattern.ts';
import type { TellRule } from './rule-ports.ts';
import { type End, isPod } from './topology.ts';
import type { WrittenLabels } from './written-ends.ts';

type Nearest = ReturnType<typeof createNearest>;
type Path = readonly PropertyKey[];

/** Selects pods by their labels; what none of them has goes to `wrong`. */
export const createLabelSelection = (ends: readonly End[], nearest: Nearest) => {
  const pods = ends.filter(isPod);
  return (written: WrittenLabels, path: Path, wrong: TellRule): readonly End[] => {
    const { namespace = '*', labels } = written;
    const unfit = whyUnfitForEnds(namespace);
    if (unfit !== null) {
      wrong([...path, 'namespace'], unfit);
      return [];
    }
    const matches = matcherOf(namespace);
    const among = pods.filter((pod) => matches(partsOf(pod.namespace)));
    const own = among.filter((pod) => hasLabels(pod.labels, labels));
    if (among.length === 0 && written.namespace !== undefined) {
      const near = nearest('namespace', namespace, [...new Set(pods.map((pod) => pod.namespace))]);
      wrong([...path, 'namespace'], `${quoted(namespace)} matches no namespace with a pod${near}`);
    } else if (own.length === 0)
      tellMissing(written, among, (key, message) => wrong([...path, 'labels', ...key], message), nearest);
    return own;
  };
};

/** Why none of the pods has the labels: the single labels that none has, or all of them together. */
const tellMissing = (
  { namespace, labels }: WrittenLabels,
  pods: readonly Pick<Extract<End, { kind: 'pod' }>, 'labels'>[],
  tell: (key: readonly string[], message: string) => void,
  nearest: Nearest,
): void => {
  const where = namespace === undefined ? '' : ` of namespace ${quoted(namespace)}`;
  const there = new Set(pods.flatMap((pod) => Object.entries(pod.labels).map(labelText)));
  const missing = Object.entries(labels).filter((label) => !there.has(labelText(label)));
  if (missing.length === 0) tell([], `no pod${where} has all of these labels`);
  for (const label of missing) {
    const text = labelText(label);
    tell([label[0]], `no pod${where} has the label ${quoted(text)}${nearest('label', text, [...there])}`);
  }
};

const labelText = ([key, value]: readonly [string, string]): string => `${key}=${value}`;
