import type { Labels } from '../model/index.ts';

/** Labels that differ from one pod, rollout or release of an application to the next. */
const PASSING: ReadonlySet<string> = new Set([
  ...['pod-template-hash', 'controller-revision-hash', 'pod-template-generation', 'rollouts-pod-template-hash'],
  ...['statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index'],
  ...['job-name', 'controller-uid', 'batch.kubernetes.io/job-name', 'batch.kubernetes.io/controller-uid'],
  ...['batch.kubernetes.io/job-completion-index', 'service.istio.io/canonical-revision'],
  ...['helm.sh/chart', 'chart', 'heritage', 'app.kubernetes.io/version', 'app.kubernetes.io/managed-by'],
]);

/** Labels that name an application. */
const NAMING = ['app.kubernetes.io/name', 'app', 'k8s-app', 'name'];

/** The keys that people select by, the best first. */
const PREFERRED: readonly string[] = [
  ...NAMING,
  ...['app.kubernetes.io/component', 'component', 'tier', 'role'],
  ...['app.kubernetes.io/instance', 'instance', 'release', 'app.kubernetes.io/part-of'],
];

/** They change sooner than what else people write on a pod. */
const LAST: readonly string[] = ['track', 'version'];

const known = new WeakMap<Labels, Labels>();

/** The labels that stay with an application, the best to select by first. */
export const lastingLabels = (labels: Labels): Labels => {
  const found = known.get(labels) ?? withoutPassing(labels);
  known.set(labels, found);
  return found;
};

const withoutPassing = (labels: Labels): Labels =>
  Object.fromEntries(
    Object.entries(labels)
      .filter(([key]) => !PASSING.has(key))
      .toSorted(([one], [other]) => compareKeys(one, other)),
  );

export const compareKeys = (one: string, other: string): number =>
  rankOf(one) - rankOf(other) || (one < other ? -1 : Number(one > other));

const rankOf = (key: string): number => {
  const at = PREFERRED.indexOf(key);
  return at >= 0 ? at : PREFERRED.length + 1 + LAST.indexOf(key);
};

/** The label that names the application, as `key=value`; undefined if none does. */
export const namingLabel = (labels: Labels): readonly [key: string, value: string] | undefined => {
  const key = NAMING.find((one) => Object.hasOwn(labels, one));
  return key === undefined ? undefined : [key, labels[key] ?? ''];
};
