/** What a diagnosis looked at, step by step, with the command that repeats each look. */
import { commandLine } from '../../command-line.ts';
import type { Diagnosis, Known } from '../../diagnose/index.ts';
import type { Labels } from '../../model/index.ts';
import type { Observation } from '../../probe/index.ts';
import { portText } from '../../scenario/index.ts';
import { listed, printable } from '../../text.ts';
import { explanationLines } from '../explain/explanation.ts';
import { policyName } from '../explain/selector.ts';

export interface DiagnoseStep {
  readonly step: string;
  /** What was seen, as printable lines. */
  readonly lines: readonly string[];
  /** What of it was not checked, and why. */
  readonly notChecked: readonly string[];
  /** Commands to paste into a shell. */
  readonly repeat: readonly string[];
}

export interface StepOptions {
  /** `kubectl` with the flags that lead to the cluster. */
  readonly kubectl: readonly string[];
  /** The command that repeats the probe; null if there was none. */
  readonly probe: string | null;
}

export const stepsOf = (diagnosis: Diagnosis, options: StepOptions): readonly DiagnoseStep[] =>
  STEPS.map((make) => make(diagnosis, options)).map(({ lines, notChecked, ...rest }) => ({
    ...rest,
    lines: lines.map(printable),
    notChecked: notChecked.map(printable),
  }));

type Make = (diagnosis: Diagnosis, options: StepOptions) => DiagnoseStep;

const step = (name: string, parts: Partial<DiagnoseStep>): DiagnoseStep => ({
  ...{ step: name, lines: [], notChecked: [], repeat: [] },
  ...parts,
});

const seenText = ({ from, to, port, protocol, verdict, detail }: Observation): string =>
  `${from} -> ${to} ${portText({ number: port, protocol })}: ${verdict} (${detail})`;

const unchecked = (why: string, what?: string): string =>
  `${what === undefined ? '' : `${what}: `}not checked, because ${why}`;

/** What was seen, or why nothing was. */
const seen = (...all: readonly Known<Observation>[]): Pick<DiagnoseStep, 'lines' | 'notChecked'> => ({
  lines: all.flatMap((one) => ('value' in one ? seenText(one.value) : [])),
  notChecked: [...new Set(all.flatMap((one) => ('value' in one ? [] : unchecked(one.missing))))],
});

const probe: Make = ({ observed: { path, direct } }, { probe: repeat }) =>
  step('the probe', {
    ...seen(path, ...[...direct.values()].map((value) => ({ value }))),
    repeat: repeat === null ? [] : [repeat],
  });

const lookup: Make = ({ observed, facts: { dns, target } }) => {
  if (!observed.lookup)
    return step('DNS', { lines: ['no name was asked for: write dns:namespace/name to include its lookup'] });
  const unread =
    dns === null && target.kind === 'service'
      ? [unchecked('they could not be read, so they are taken to be as kubeadm installs them', 'the DNS servers')]
      : [];
  const found = observed.lookup;
  return step('DNS', {
    lines:
      'value' in found
        ? [`the lookup of the name from ${found.value.from}: ${found.value.verdict} (${found.value.detail})`]
        : [],
    notChecked: [...('value' in found ? [] : [unchecked(found.missing)]), ...unread],
  });
};

const destination: Make = ({ facts }, { kubectl }) => {
  const { target } = facts;
  switch (target.kind) {
    case 'host':
      return step('the destination', { lines: [`${target.address} is outside the cluster, so no policy selects it`] });
    case 'pod':
      return step('the destination', {
        lines: [`${target.endpoint}: ${target.state}`],
        notChecked:
          'value' in facts.services ? [] : [unchecked(facts.services.missing, 'whether the port is that of a Service')],
        repeat: [commandLine([...kubectl, ...podOf(facts, target.endpoint), '-o', 'wide'])],
      });
    case 'service':
      return service(target, kubectl);
  }
};

type Target = Diagnosis['facts']['target'];

const service = (
  { service: own, port, backends }: Extract<Target, { kind: 'service' }>,
  kubectl: readonly string[],
): DiagnoseStep => {
  const ports = own.ports.map((one) => `${portText(one)} to ${one.target}`);
  const { namespace, name } = own;
  return step('the Service', {
    lines: [
      `${namespace}/${name} selects ${labelsText(own.selector)}; its ports are ${listed(ports)}`,
      ...(port ? [] : ['the port that was asked for is none of them']),
      ...('value' in backends
        ? backends.value.length > 0
          ? backends.value
              .slice(0, 10)
              .map((one) => `${one.endpoint} on ${one.port}: ${one.ready ? 'ready' : 'not ready'}`)
          : port
            ? ['nothing is behind it']
            : []
        : []),
    ],
    notChecked: 'value' in backends ? [] : [unchecked(backends.missing, 'what is behind it')],
    repeat: [
      commandLine([...kubectl, '-n', namespace, 'get', 'service', name, '-o', 'wide']),
      commandLine([...kubectl, '-n', namespace, 'get', 'endpointslices', '-l', `kubernetes.io/service-name=${name}`]),
    ],
  });
};

const listening: Make = ({ observed: { own }, facts: { target } }) =>
  step(
    'the server',
    target.kind === 'host'
      ? { notChecked: [unchecked('it is outside the cluster', 'whether it listens')] }
      : seen(...own.values()),
  );

const labels: Make = ({ facts }, { kubectl }) => {
  const { source, target, pods, policies } = facts;
  const ends = [source, ...pods.filter(({ endpoint }) => target.kind === 'pod' && endpoint === target.endpoint)];
  const namespaces = [
    ...new Set([
      source.namespace,
      ...(target.kind === 'service' ? [target.service.namespace] : ends.map((one) => one.namespace)),
    ]),
  ];
  const known = 'value' in policies ? policies.value.labels : new Map<string, Labels>();
  return step('labels', {
    lines: [
      ...ends.map(({ endpoint, labels: own }) => `${endpoint}: ${labelsText(own)}`),
      ...namespaces.flatMap((name) => {
        const own = known.get(name);
        return own ? [`namespace ${name}: ${labelsText(own)}`] : [];
      }),
    ],
    notChecked: 'value' in policies ? [] : [unchecked(policies.missing, 'the labels of namespaces')],
    repeat: [
      ...new Map(
        ends.map(({ endpoint }) => [endpoint, commandLine([...kubectl, ...podOf(facts, endpoint), '--show-labels'])]),
      ).values(),
      commandLine([...kubectl, 'get', 'namespace', ...namespaces, '--show-labels']),
    ],
  });
};

const policies: Make = ({ explanation, facts }, { kubectl }) => {
  const { source, target } = facts;
  const others = target.kind === 'pod' ? [facts.asked.to] : [];
  const spaces =
    target.kind === 'service' ? [target.service.namespace] : others.flatMap((name) => namespaceOf(facts, name));
  const namespaces = [...new Set([source.namespace, ...spaces])];
  return step('policies', {
    lines: explanation ? explanationLines(explanation, null).filter((line) => line !== '') : [],
    notChecked: [
      ...('value' in facts.policies ? [] : [unchecked(facts.policies.missing)]),
      ...('value' in facts.elsewhere
        ? []
        : [unchecked(facts.elsewhere.missing, 'policies of other namespaces, which may be meant for these pods')]),
    ],
    repeat: namespaces.map((name) => commandLine([...kubectl, '-n', name, 'get', 'networkpolicies', '-o', 'yaml'])),
  });
};

const namespaceOf = ({ pods }: Diagnosis['facts'], name: string): readonly string[] =>
  pods.filter(({ endpoint }) => endpoint === name).map(({ namespace }) => namespace);

/** `-n prod get pod web`; a pod that does not run is looked up by what was asked. */
const podOf = ({ pods, question: { to } }: Diagnosis['facts'], name: string): readonly string[] => {
  const pod = pods.find(({ endpoint }) => endpoint === name);
  if (pod) return ['-n', pod.namespace, 'get', 'pod', pod.pod];
  return to.kind === 'pod' ? ['-n', to.namespace, 'get', 'pod', to.name] : ['get', 'pods'];
};

const WARNINGS_AT_MOST = 5;

const suspicious: Make = ({ warnings, facts }) =>
  step('suspicious', {
    lines: warnings.slice(0, WARNINGS_AT_MOST).map(({ policy, message }) => `${policyName(policy)}: ${message}`),
    notChecked: 'value' in facts.policies ? [] : [unchecked('the policies are not known')],
  });

const cni: Make = ({ explanation, observed, facts: { source, target, pods } }, { kubectl }) => {
  const there = pods.find(({ endpoint }) => target.kind === 'pod' && endpoint === target.endpoint);
  const nodes = [...new Set([source.node, ...(there ? [there.node] : [])])].filter((node) => node !== '');
  const { path } = observed;
  const says = explanation ? [`the specification says ${explanation.decision}`] : [];
  const saw = 'value' in path ? [`the probe saw ${path.value.verdict}`] : [];
  const told = [...says, ...saw].join(', and ');
  const again = {
    unchanged: 'the policies were read again and had not changed',
    changed: 'the policies changed meanwhile',
    unknown: '',
  };
  return step('the CNI', {
    lines: [
      `on ${nodes.length > 1 ? 'nodes' : 'node'} ${listed(nodes)}${told === '' ? '' : `: ${told}`}`,
      ...(again[observed.policies] === '' ? [] : [again[observed.policies]]),
    ],
    notChecked:
      observed.policies === 'unknown'
        ? [unchecked('they are not known', 'whether the policies are still the same')]
        : [],
    repeat: [commandLine([...kubectl, 'get', 'nodes', ...nodes, '-o', 'wide'])],
  });
};

const allowAll: Make = ({ observed }) => step('a temporary allow-all', seen(observed.allowAll));

const STEPS: readonly Make[] = [probe, destination, listening, lookup, labels, policies, suspicious, cni, allowAll];

const labelsText = (own: Labels): string =>
  listed(Object.entries(own).map(([key, value]) => `${key}=${value}`)) || 'no labels';
