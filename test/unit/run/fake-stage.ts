import type { Deployment, Deployments } from '../../../src/deploy/index.ts';
import { createProof } from '../../../src/deploy/proof.ts';
import { readPolicies } from '../../../src/model/index.ts';
import { createWindow } from '../../../src/probe/index.ts';
import type { Stage } from '../../../src/run/stage.ts';
import {
  type ExpectedProbe,
  type Family,
  type Policy,
  podsOf,
  probesOf,
  type ReadPolicy,
  type Scenario,
  type Step,
  type Topology,
} from '../../../src/scenario/index.ts';
import type { Canary } from '../../../src/settle/index.ts';
import { policyIn, type RawSpec } from '../../naive/manifest.ts';
import { type FakeClient, fakeClient } from '../deploy/fake-client.ts';
import { type Behaviour, endpoint, fakeTargets, OPEN, TIMED_OUT } from '../probe/fake-targets.ts';
import { fakeCni } from './fake-cni.ts';

/** Two pods in one namespace: `prod/web` on port 80 and `prod/client`, which listens on none. */
export const topologyOf = (namespace = 'prod'): Topology => ({
  hosts: [],
  nodes: [],
  services: [],
  namespaces: [
    {
      name: namespace,
      labels: {},
      pods: [
        { namespace, name: 'web', ports: [{ number: 80, protocol: 'TCP' as const }] },
        { namespace, name: 'client', ports: [] },
      ].map((pod) => ({ ...pod, endpoint: `${pod.namespace}/${pod.name}`, labels: {} })),
    },
  ],
});

/** Lets nobody reach a pod of the namespace. */
const DENY: RawSpec = { podSelector: {}, ingress: [] };

/** A policy as it is written and as it is read. */
export const policyOf = (name: string, spec: RawSpec = DENY, namespace = 'prod'): ReadPolicy => {
  const manifest = { ...policyIn(namespace, spec, name) };
  const place = { file: `policies/${name}.yaml`, line: 1 };
  const [read] = readPolicies([manifest], { placeOf: () => ({ ...place, column: 1 }) });
  if (!read) throw new RangeError('no policy');
  return { name, namespace, manifest, ...place, spec: read };
};

const expectAll = (topology: Topology, expectation: 'allow' | 'deny'): ExpectedProbe[] =>
  probesOf(topology)
    .filter(({ from, to }) => from !== to)
    .map((probe) => ({ ...probe, expectation }));

type StepLike = Partial<Step> & { readonly deny?: boolean; readonly expectation?: 'allow' | 'deny' };

/** A scenario whose steps say what is in force (`deny`) and what is expected; one that passes by default. */
export const scenarioOf = (
  name: string,
  [first = {}, ...others]: readonly StepLike[] = [{}],
  pods: Topology = topologyOf(),
): Scenario => {
  const stepOf = ({ deny = false, expectation = deny ? 'deny' : 'allow', ...step }: StepLike, index: number): Step => {
    const { topology = pods } = step;
    return {
      name: `step ${index + 1}`,
      topology,
      policies: deny ? topology.namespaces.map((one) => policyOf(`deny-${name}`, DENY, one.name)) : [],
      expected: expectAll(topology, expectation),
      form: 'rules',
      path: ['steps', index],
      ...step,
    };
  };
  return {
    name,
    file: `scenarios/${name}/scenario.yaml`,
    steps: [stepOf(first, 0), ...others.map((step, index) => stepOf(step, index + 1))],
  };
};

export interface FakeDeployment extends Deployment {
  /** What was asked of it, in order: `remove`, `apply a,b`, `dispose`. */
  readonly calls: string[];
}

/** Pods in memory on a CNI that enforces the policies they were given; `behave` says what happens to what these allow. */
export const fakeDeployment = (
  first: Topology = topologyOf(),
  behave: Behaviour = () => OPEN,
  families: readonly Family[] = ['IPv4'],
): FakeDeployment => {
  const calls: string[] = [];
  let inForce: readonly Policy[] = [];
  let topology = first;
  const addresses = new Map<string, number>();
  const targetsOf = () => {
    const endpoints = podsOf(topology).map((pod) => {
      const index = addresses.get(pod.endpoint) ?? addresses.size;
      addresses.set(pod.endpoint, index);
      const one = endpoint(pod.endpoint, index, pod.ports);
      return { ...one, addresses: [...one.addresses, ...(families.includes('IPv6') ? [`fd00::${index + 1}`] : [])] };
    });
    const allows = fakeCni(topology, new Map(endpoints.map((one) => [one.endpoint, one.addresses])));
    return fakeTargets(endpoints, (asked, from, attempt) =>
      allows(inForce, from, asked) ? behave(asked, from, attempt) : TIMED_OUT,
    );
  };
  let targets = targetsOf();
  const proof = createProof(targets.endpoints.keys());
  return {
    get topology() {
      return topology;
    },
    get endpoints() {
      return targets.endpoints;
    },
    source: (name) => targets.source(name),
    lost: () => targets.lost(),
    families,
    copies: {
      hostnames: ['n1'],
      start: async () => [],
      source: ({ endpoint: name }) => targets.source(name),
      remove: async () => {},
      untilGone: async () => {},
    },
    unready: async () => new Map(),
    calls,
    namespaces: first.namespaces.map(({ name }) => `${name}-x7k2a`),
    namespaceOf: (name) => `${name}-x7k2a`,
    change: async (next) => {
      const known = new Set(podsOf(topology).map((pod) => pod.endpoint));
      topology = next;
      const pods = podsOf(next).map((pod) => pod.endpoint);
      calls.push(`change to ${pods.join(',')}`);
      targets = targetsOf();
      proof.doubt(pods.filter((pod) => !known.has(pod)));
    },
    applyPolicies: async (policies) => {
      calls.push(`apply ${policies.map(({ name }) => name).join(',')}`);
      inForce = policies;
    },
    removePolicies: async () => {
      calls.push('remove');
      inForce = [];
    },
    requirePolicies: async () => {},
    requireLabels: async () => {},
    proveOpen: proof.proveOpen,
    removeHosts: async () => {},
    dispose: async () => void calls.push('dispose'),
  };
};

export interface FakePool extends Deployments {
  /** What was asked of it, in order, with the number of the deployment: `acquire 1`, `keep 1`, `dispose 2`. */
  readonly calls: string[];
  readonly created: FakeDeployment[];
}

/** Deployments that are made anew for each borrower; `create` may refuse. */
export const fakePool = (create: (topology: Topology) => FakeDeployment = fakeDeployment): FakePool => {
  const calls: string[] = [];
  const created: FakeDeployment[] = [];
  const numberOf = (deployment: Deployment) => created.indexOf(deployment as FakeDeployment) + 1;
  return {
    calls,
    created,
    acquire: async (topology) => {
      calls.push(`acquire ${created.length + 1}`);
      const deployment = create(topology);
      const number = created.push(deployment);
      const { dispose } = deployment;
      return Object.assign(deployment, {
        dispose: async (options?: { readonly waitMs?: number }) => {
          calls.push(`dispose ${number}`);
          return dispose(options);
        },
      });
    },
    keep: (deployment) => void calls.push(`keep ${numberOf(deployment)}`),
    removeHosts: async () => void calls.push('removeHosts'),
    disposeAll: async () => void calls.push('dispose all'),
  };
};

export interface FakeStage extends Stage {
  readonly deployments: FakePool;
  readonly client: FakeClient;
  readonly notes: string[];
}

/** A canary of a cluster that is well. */
export const fakeCanary = (changes: Partial<Canary> = {}): Canary => ({
  isOrdered: true,
  settle: async () => 7,
  brokenPaths: async () => new Map(),
  ...changes,
});

/** A stage on a cluster that is well. */
export const fakeStage = (changes: Partial<FakeStage> = {}): FakeStage => {
  const notes: string[] = [];
  return {
    client: fakeClient({ get: async () => ({ metadata: { name: 'kube-system' } }) }),
    deployments: fakePool(),
    canary: Promise.resolve(fakeCanary()),
    repeat: {},
    window: createWindow({ timeoutMs: 2_000 }),
    workers: 1,
    sampling: false,
    recording: false,
    settleTimeoutMs: 30_000,
    timeoutMs: 2000,
    retries: 0,
    bail: false,
    keep: false,
    notes,
    progress: { note: (text) => void notes.push(text), during: (_what, work) => work() },
    signal: new AbortController().signal,
    abort: () => undefined,
    ...changes,
  };
};
