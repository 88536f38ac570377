import { expect } from 'chai';
import type { ClusterNamespace, ClusterPod, ClusterService, ClusterState } from '../../src/capture/cluster-state.ts';
import { condense, createLikeCell } from '../../src/capture/index.ts';
import { compile, decide } from '../../src/model/index.ts';
import type { RawPolicy, RawSpec } from '../naive/manifest.ts';
import { policyIn } from '../naive/manifest.ts';
import { readRaw, worldOfPods, worldOfScenario } from './small-world.ts';

const TENANTS = 190;
const APPS = ['web', 'api', 'db', 'cache', 'worker'];
const PORTS: Readonly<Record<string, number>> = { web: 8080, api: 9090, db: 5432, cache: 6379 };
const NAME = 'kubernetes.io/metadata.name';

const tenantPolicies = (name: string): readonly RawSpec[] => [
  { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  // As charts write it: by the namespace's own name.
  {
    podSelector: {},
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { [NAME]: name } } }] }],
    egress: [
      { to: [{ podSelector: {} }] },
      {
        to: [{ namespaceSelector: { matchLabels: { [NAME]: 'kube-system' } } }],
        ports: [{ protocol: 'UDP', port: 53 }],
      },
    ],
  },
  {
    podSelector: { matchLabels: { app: 'db' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'api' } } }], ports: [{ port: 5432 }] }],
  },
  {
    podSelector: { matchLabels: { app: 'web' } },
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { role: 'ingress' } } }], ports: [{ port: 'http' }] }],
  },
  {
    podSelector: { matchLabels: { app: 'worker' } },
    egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] }],
  },
];

/** 200 namespaces, most of them tenants of one chart, with 10,000 pods and a Service for each application. */
const bigCluster = (): { readonly state: ClusterState; readonly policies: readonly RawPolicy[] } => {
  const namespace = (name: string, labels = {}): ClusterNamespace => ({ name, labels });
  const tenants = Array.from({ length: TENANTS }, (_, at) => namespace(`tenant-${at}`, { owner: `team-${at % 7}` }));
  const others = ['dev-1', 'dev-2', 'ci', 'batch'].map((name) => namespace(name, { stage: 'dev' }));
  const special = [
    namespace('kube-system'),
    namespace('monitoring', { role: 'monitoring' }),
    ...['a', 'b', 'c', 'd'].map((name) => namespace(`ingress-${name}`, { role: 'ingress' })),
  ];
  const namespaces = [...tenants, ...others, ...special];
  const pods = Array.from({ length: 10_000 }, (_, at): ClusterPod => {
    const home = namespaces[at % namespaces.length] as ClusterNamespace;
    const app = APPS[Math.floor(at / namespaces.length) % APPS.length] as string;
    const port = PORTS[app];
    return {
      endpoint: `${home.name}/${app}-${at}`,
      namespace: home.name,
      labels: { app, 'pod-template-hash': `h${at}`, release: `r${at % 100}` },
      ports: port === undefined ? [] : [{ number: port, protocol: 'TCP', ...(app === 'web' && { name: 'http' }) }],
      addresses: [`10.${Math.floor(at / 60_000)}.${Math.floor(at / 250) % 240}.${(at % 250) + 1}`],
      hostNetwork: false,
      workload: app,
    };
  });
  const services = namespaces.flatMap(({ name }) =>
    Object.entries(PORTS).map(([app, target]): ClusterService => {
      const ports = [{ number: 80, protocol: 'TCP' as const, target }];
      return { namespace: name, name: app, selector: { app }, ports, manner: '{}', spec: {} };
    }),
  );
  const policies = [
    ...tenants.flatMap(({ name }) => tenantPolicies(name).map((spec, at) => policyIn(name, spec, `p${at}`))),
    policyIn('monitoring', { podSelector: {}, policyTypes: ['Ingress'] }),
  ];
  return { state: { namespaces, pods, services, policies: policies.map(readRaw) }, policies };
};

/** The same numbers in every run (a linear congruential generator of Numerical Recipes). */
const drawFrom = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

describe('condense, of 10,000 pods', () => {
  it('gives at most 60, and the model says the same of 10,000 random cells', () => {
    const { state } = bigCluster();
    const condensed = condense(state, 60);
    const small = worldOfScenario(condensed);
    expect(small.pods.length).to.be.at.most(60);
    expect(condensed.services.length).to.be.greaterThan(0);
    const large = compile(
      worldOfPods(state.namespaces, state.pods),
      state.policies.map(({ spec }) => spec),
    );
    const few = compile(
      small,
      condensed.policies.map(({ spec }) => spec),
    );
    const like = createLikeCell(state, condensed);
    const draw = drawFrom(15);
    const one = (): ClusterPod => state.pods[draw(state.pods.length)] as ClusterPod;
    const counts = { allow: 0, deny: 0, unknown: 0 };
    for (let left = 10_000; left > 0; ) {
      const [from, to] = [one(), one()];
      const port = to.ports[0];
      // Half of them within a namespace, where most of what is allowed is.
      if (from === to || !port || (left % 2 === 0 && from.namespace !== to.namespace && draw(150) > 0)) continue;
      const cell = { from: from.endpoint, to: to.endpoint, port: port.number, protocol: port.protocol };
      const found = like(cell);
      if (!found) throw new Error(`nothing stands for ${JSON.stringify(cell)}`);
      const decision = decide(large, cell);
      if (decide(few, found) !== decision) throw new Error(`${JSON.stringify(cell)} is not ${JSON.stringify(found)}`);
      counts[decision] += 1;
      left -= 1;
    }
    expect(counts.allow).to.be.greaterThan(1000);
    expect(counts.deny).to.be.greaterThan(1000);
  });
});
