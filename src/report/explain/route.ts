import type { Backend, Decision, ProbeExplanation } from '../../model/index.ts';
import { portText } from '../../scenario/index.ts';
import { listed, printable } from '../../text.ts';

const BACKENDS_AT_MOST = 5;

/** What a probe of a Service becomes, as lines for people; none for other probes. */
export const routeText = (explained: ProbeExplanation): string[] => {
  const { backends, asked } = explained;
  if (!backends) return [];
  if (backends.length === 0) {
    const port = portText({ number: asked.port, protocol: asked.protocol });
    return [printable(`no pod is behind ${asked.to} on ${port}, so nothing answers`)];
  }
  return [...lookupLines(explained), ...backendLines(explained, backends), ...openLines(explained)].map(printable);
};

const lookupLines = ({ asked: { from }, lookup }: ProbeExplanation): readonly string[] => {
  if (!lookup || lookup.decision === 'allow') return [];
  if (lookup.explanations.length === 0)
    return [`it is not known which pods are the cluster's DNS servers, so ${from} may not be able to look the name up`];
  return lookup.decision === 'deny'
    ? [`${from} can't look the name up: policies block it from the cluster's DNS`]
    : [`it is not known whether policies let ${from} look the name up at the cluster's DNS`];
};

const backendLines = (
  { asked, backendsDiffer, sticky }: ProbeExplanation,
  backends: readonly Backend[],
): readonly string[] => {
  const list = (some: readonly Backend[]): string =>
    listed(
      some.map(({ endpoint, port }) => `${endpoint} ${port}/${asked.protocol}`),
      BACKENDS_AT_MOST,
    );
  if (!backendsDiffer)
    return backends.length === 1
      ? [`policies act on the pod behind the Service, ${list(backends)}`]
      : [`policies act on the ${backends.length} pods behind the Service: ${list(backends)}`];
  return [
    `the pods behind the Service differ, so it depends on which of the ${backends.length} is chosen${sticky ? ', and sessionAffinity keeps each client at the one it got' : ''}:`,
    ...DECISIONS.flatMap(([decision, word]) => {
      const some = backends.filter((backend) => backend.decision === decision);
      return some.length > 0 ? [`  ${word}: ${list(some)}`] : [];
    }),
  ];
};

const DECISIONS: readonly (readonly [Decision, string])[] = [
  ['deny', 'blocked'],
  ['unknown', 'unknown'],
  ['allow', 'allowed'],
];

const openLines = ({ leftOpen, backendsDiffer }: ProbeExplanation): readonly string[] =>
  leftOpen && !backendsDiffer
    ? [
        'the specification leaves undefined whether policies see its own address or that of a node in between; with its own:',
      ]
    : [];
