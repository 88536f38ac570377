import type { PodEndpoint } from '../endpoint.ts';
import type { PodPeer, Requirement, Selector } from '../policy.ts';
import { meets, selects } from '../selector.ts';
import type { Labels } from '../world.ts';
import { listText, namespacesText, selectorText } from './text.ts';
import type { Inhabited, Topology } from './topology.ts';
import type { Finding } from './warning.ts';

/** A selector, split into what none of the candidates has and the rest; null if they have everything that it asks for. */
interface Missed {
  readonly missing: Selector;
  readonly rest: Selector;
}

const missedBy = ({ requirements, path }: Selector, candidates: readonly Labels[]): Missed | null => {
  const isMissing = (one: Requirement): boolean =>
    (one.operator === 'In' || one.operator === 'Exists') && !candidates.some((labels) => meets(one, labels));
  const missing = requirements.filter(isMissing);
  const rest = requirements.filter((one) => !missing.includes(one));
  return missing.length > 0 ? { missing: { requirements: missing, path }, rest: { requirements: rest, path } } : null;
};

interface Words {
  /** `env=dev is a label` */
  readonly are: string;
  readonly them: 'it' | 'them';
}

const wordsFor = (labels: Selector): Words =>
  labels.requirements.length > 1
    ? { are: `${selectorText(labels)} are labels`, them: 'them' }
    : { are: `${selectorText(labels)} is a label`, them: 'it' };

/** A namespaceSelector that selects no namespace, because some of its labels are those of pods. */
export const findPodLabels = (
  { namespaces: selector, pods: beside }: PodPeer & { readonly namespaces: Selector },
  policyNamespace: string,
  topology: Topology,
): Finding | null => {
  const missed = missedBy(
    selector,
    spacesOf(topology).map(({ labels }) => labels),
  );
  if (!missed) return null;
  const { missing, rest } = missed;
  const pods = [...topology.pods, ...(topology.unseen ? [topology.unseen] : [])].filter(
    ({ labels, namespace }) => selects(missing, labels) && selects(beside, labels) && selects(rest, namespace.labels),
  );
  if (pods.length === 0) return null;
  const { are, them } = wordsFor(missing);
  const cure = cureFor(pods, rest, policyNamespace, them);
  const message = `namespaceSelector ${selectorText(selector)} selects no namespace with pods: ${are} of pods (${listText(pods.map(({ name }) => name))}), not of namespaces; ${cure}`;
  return { rule: 'swapped-selector', path: selector.path, message };
};

const cureFor = (
  pods: readonly PodEndpoint[],
  rest: Selector,
  policyNamespace: string,
  them: Words['them'],
): string => {
  if (rest.requirements.length > 0) return `move ${them} to a podSelector under the same dash`;
  const namespaces = [...new Set(pods.map(({ namespace }) => namespace))];
  return namespaces.some(({ name }) => name === policyNamespace)
    ? `write ${them} under podSelector instead`
    : `write ${them} under podSelector, beside a namespaceSelector for ${namespacesText(namespaces)}`;
};

/** A podSelector that selects no pod of its scope, because some of its labels are those of namespaces. */
export const findNamespaceLabels = (
  { namespaces: beside, pods: selector }: Pick<PodPeer, 'namespaces' | 'pods'>,
  scope: readonly Inhabited[],
  topology: Topology,
): Finding | null => {
  const found = namespacesMeant(selector, scope, topology, beside);
  if (!found) return null;
  const { spaces, isWhole } = found;
  const { are, them } = found.words;
  const cure = beside
    ? `move ${them} to the namespaceSelector`
    : isWhole
      ? `write ${them} under namespaceSelector instead`
      : `move ${them} to a namespaceSelector under the same dash`;
  return findingOf(selector, scope, `${are} of ${namespacesText(spaces)}, not of its pods; ${cure}`);
};

/** The same for the pods that a policy isolates. */
export const findOwnNamespaceLabels = (selector: Selector, own: Inhabited, topology: Topology): Finding | null => {
  const found = namespacesMeant(selector, [own], topology, null);
  if (!found) return null;
  const { spaces } = found;
  const { are, them } = found.words;
  const isOwn = spaces.some(({ name }) => name === own.name);
  const whose = isOwn ? 'the namespace' : namespacesText(spaces);
  const cure = `${isOwn ? '' : 'set metadata.namespace and '}delete ${them}: a policy acts on the pods of its own namespace only`;
  return findingOf(selector, [own], `${are} of ${whose}, not of its pods; ${cure}`);
};

const findingOf = ({ requirements, path }: Selector, scope: readonly Inhabited[], why: string): Finding => ({
  rule: 'swapped-selector',
  path,
  message: `podSelector ${selectorText({ requirements, path })} selects no pod of ${namespacesText(scope)}: ${why}`,
});

/** The namespaces that have the labels which no pod of the scope has, and pods for the rest of the selector. */
const namespacesMeant = (
  selector: Selector,
  scope: readonly Inhabited[],
  topology: Topology,
  beside: Selector | null,
) => {
  const missed = missedBy(
    selector,
    scope.flatMap(({ pods }) => pods.map(({ labels }) => labels)),
  );
  if (!missed) return null;
  const { missing, rest } = missed;
  const spaces = spacesOf(topology).filter(
    ({ labels, pods }) =>
      selects(missing, labels) && (!beside || selects(beside, labels)) && pods.some((pod) => selects(rest, pod.labels)),
  );
  return spaces.length === 0 ? null : { words: wordsFor(missing), isWhole: rest.requirements.length === 0, spaces };
};

const spacesOf = ({ namespaces, unseen }: Topology): readonly Inhabited[] => [
  ...namespaces.values(),
  ...(unseen ? [{ ...unseen.namespace, pods: [unseen] }] : []),
];
