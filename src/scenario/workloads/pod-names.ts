import type { WorkloadKind } from './kinds.ts';
import type { Workload } from './workload.ts';

/** Of workloads with one name in a namespace, the first kind keeps it. */
const PRECEDENCE: readonly WorkloadKind[] = [
  ...(['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'] as const),
];

const LONGEST = 63;

/** A workload's name may have dots and 253 characters; that of a scenario's pod is a DNS label. */
const labelOf = (name: string): string =>
  name.length <= LONGEST && !name.includes('.') && !name.endsWith('-')
    ? name
    : name.replaceAll('.', '-').slice(0, LONGEST).replace(/-+$/, '');

/**
 * The names of the workloads' pods, each once in its namespace: the workload's own. If workloads of several kinds have
 * the same name, the pods of all but the first kind get theirs with the kind at the end: `web-cronjob`.
 */
export const podNames = (workloads: readonly Workload[]): ReadonlyMap<Workload, string> => {
  const taken = new Set<string>();
  const rank = ({ kind, name }: Workload): number => PRECEDENCE.indexOf(kind) + (labelOf(name) === name ? 0 : 100);
  const names = new Map<Workload, string>();
  const byRank = Map.groupBy(workloads, rank);
  for (const workload of [...byRank].sort(([one], [other]) => one - other).flatMap(([, own]) => own)) {
    const { namespace, kind, name } = workload;
    for (const candidate of candidatesOf(labelOf(name), kind)) {
      const key = `${namespace}/${candidate}`;
      if (taken.has(key)) continue;
      taken.add(key);
      names.set(workload, candidate);
      break;
    }
  }
  return names;
};

function* candidatesOf(base: string, kind: WorkloadKind): Generator<string> {
  const ending = (end: string): string => `${base.slice(0, LONGEST - end.length)}${end}`;
  yield base;
  const end = `-${kind.toLowerCase()}`;
  yield ending(end);
  for (let count = 2; ; count += 1) yield ending(`${end}-${count}`);
}
