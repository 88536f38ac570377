import { NAME_LABEL } from '../model/index.ts';
import { quoted } from '../text.ts';
import { LIMITS } from './limits.ts';
import type { Topology } from './scenario.ts';
import type { WrittenStep } from './step-schema.ts';
import { createNoSuch, type TellStep, type Thing, thingsIn } from './step-things.ts';

type Labels = Readonly<Record<string, string>>;

/** The topology with these labels changed; what changes nothing is told. */
export const relabelled = (
  topology: Topology,
  written: NonNullable<WrittenStep['label']>,
  tell: TellStep,
): Topology => {
  const things = thingsIn(topology);
  const noSuch = createNoSuch(things);
  const changed = new Map<string, Labels>();
  for (const [name, changes] of Object.entries(written)) {
    const thing = things.get(name);
    if (thing) changed.set(name, labelsAfter(thing, name, changes, tell));
    else tell(['label', name], noSuch(name));
  }
  if (changed.size === 0) return topology;
  return {
    ...topology,
    namespaces: topology.namespaces.map(({ name, labels, pods }) => ({
      name,
      labels: changed.get(`namespace:${name}`) ?? labels,
      pods: pods.map((pod) => ({ ...pod, labels: changed.get(pod.endpoint) ?? pod.labels })),
    })),
  };
};

const labelsAfter = (
  thing: Thing,
  name: string,
  changes: Readonly<Record<string, string | null>>,
  tell: TellStep,
): Labels => {
  const labels = new Map(Object.entries(thing.kind === 'pod' ? thing.pod.labels : thing.namespace.labels));
  for (const [key, value] of Object.entries(changes)) {
    const was = labels.get(key);
    const why =
      thing.kind === 'namespace' && key === NAME_LABEL
        ? `Kubernetes sets ${NAME_LABEL} and keeps it`
        : value === null && was === undefined
          ? `${name} has no label ${quoted(key)} to remove`
          : value === was
            ? `${name} has ${key}=${value} already`
            : null;
    if (why !== null) tell(['label', name, key], why);
    else if (value === null) labels.delete(key);
    else labels.set(key, value);
  }
  if (labels.size > LIMITS.labels) tell(['label', name], `${labels.size} labels: at most ${LIMITS.labels}`);
  return Object.fromEntries(labels);
};
