import { CONNECTORS } from '../../attach/index.ts';
import type { ProbePlan } from '../../run/index.ts';
import { listed, plural } from '../../text.ts';

const NAMED = 10;

/**
 * What `podreach probe` is about to do, as lines for people: what it probes, what it does in each pod and what stays
 * behind.
 */
export const planLines = (
  { context, namespaces, pods, ways, probes, image, container, expectation }: ProbePlan,
  notRunning: number,
): readonly string[] => {
  const namesBy = (by: 'ephemeral' | 'exec') =>
    pods.filter(({ endpoint }) => ways.get(endpoint)?.by === by).map(({ endpoint }) => endpoint);
  const added = namesBy('ephemeral');
  const entered = namesBy('exec');
  const onNodes = pods.filter(({ hostNetwork }) => hostNetwork).map(({ endpoint }) => endpoint);
  const proxied = pods.filter(({ proxy }) => proxy !== null).map(({ endpoint }) => endpoint);
  const others = probes.filter(({ protocol }) => protocol !== 'TCP');
  const datagrams = others.filter(({ from, protocol }) => protocol === 'UDP' && added.includes(from)).length;
  const own = `sh with timeout and ${listText(CONNECTORS, 'or')} (which requests only the headers of /)`;
  const reasons = [...new Set(entered.flatMap((endpoint) => ways.get(endpoint)?.because ?? []))];
  const mayFallBack = added.some((endpoint) => ways.get(endpoint)?.mayFallBack);
  return [
    `plan for context ${context}; nothing has been done yet`,
    `  ${plural(pods.length, 'running pod')} of ${namespaces.join(', ')}: ${named(pods.map(({ endpoint }) => endpoint))}`,
    ...(notRunning > 0 ? [`  ${plural(notRunning, 'pod')} that ${are(notRunning)} not running: left out`] : []),
    `  ${plural(probes.length, 'probe')} between their addresses; a TCP probe connects and closes without sending anything`,
    ...(expectation?.expected ? [`  what is seen is judged by ${expectation.file}`] : []),
    ...(datagrams > 0
      ? [`  ${datagrams} of them use UDP and send one short datagram each, \`echo\` and a number`]
      : []),
    ...(entered.length > 0 && others.length > 0 ? ['  exec can try TCP only'] : []),
    ...(added.length > 0
      ? [
          `  an ephemeral container ${container} in ${named(added)}: image ${image}, unprivileged, in the pod's network`,
          ...(mayFallBack
            ? [`    if it is refused or does not start: exec in one of the pod's own containers, using its ${own}`]
            : []),
          '    it ends when the probes are done; it stays listed in the pod as terminated until the pod is deleted',
        ]
      : []),
    ...(entered.length > 0
      ? [
          `  exec in one of the pod's own containers, using its ${own}, in ${named(entered)}`,
          ...reasons.map((reason) => `    because ${reason}`),
        ]
      : []),
    ...(onNodes.length > 0 ? [`  on their node's network, so policies may not apply to them: ${named(onNodes)}`] : []),
    ...(proxied.length > 0
      ? [
          `  behind a service mesh's proxy, which connects on their behalf: ${named(proxied)}; what they reach themselves is not known`,
        ]
      : []),
  ];
};

const named = (names: readonly string[]): string => listed(names, NAMED);

const listText = (words: readonly string[], last: string): string =>
  `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;

const are = (count: number): string => (count === 1 ? 'is' : 'are');
