/** A small cluster: dev/client wants to reach prod/web on 8080, which the Service prod/web offers as 80. */
import type { ExistingPod } from '../../../src/attach/index.ts';
import { livePolicy } from '../../../src/attach/index.ts';
import { type Diagnosis, diagnosisOf, type Facts, type Known, type Observed } from '../../../src/diagnose/index.ts';
import { readQuestion } from '../../../src/diagnose/question.ts';
import { endName } from '../../../src/model/index.ts';
import type { Observation, Verdict } from '../../../src/probe/index.ts';
import { sentenceOf } from '../../../src/report/diagnose/sentence.ts';
import type { ReadPolicy } from '../../../src/scenario/index.ts';

type Labels = Readonly<Record<string, string>>;

const pod = (endpoint: string, labels: Labels, ports: ExistingPod['ports'] = []): ExistingPod => {
  const [namespace = '', name = ''] = endpoint.split('/');
  return {
    ...{ kind: 'pod', existing: true, endpoint, namespace, pod: name, uid: name, labels, node: 'worker', ports },
    ...{ addresses: [`192.0.2.${name.length}`], containers: ['app'], restarts: 0, hostNetwork: false, isStatic: false },
    proxy: null,
  };
};

const client = pod('dev/client', { app: 'client' });
const http = { number: 8080, protocol: 'TCP', name: 'http' } as const;
export const pods = [
  client,
  pod('dev/other', { app: 'other' }),
  pod('prod/web', { app: 'web' }, [http]),
  pod('prod/monitor', { app: 'monitor' }),
];

export const policy = (name: string, spec: object): ReadPolicy => {
  const [namespace = '', own = ''] = name.split('/');
  const read = livePolicy({ metadata: { namespace, name: own }, spec });
  if (!read) throw new Error(`the policy ${name} is not valid`);
  return read;
};

const known = <T>(value: T): Known<T> => ({ value });

export interface Case {
  readonly to?: string;
  readonly port?: string;
  readonly want?: 'allow' | 'deny';
  readonly policies?: readonly ReadPolicy[];
  readonly elsewhere?: Facts['elsewhere'];
  readonly facts?: Partial<Facts>;
  readonly observed?: Partial<Observed>;
  /** Of the path; `dropped` if left out. */
  readonly saw?: Verdict;
  /** Of the server from itself; `allowed` if left out. */
  readonly own?: Verdict;
}

export const seen = (from: string, to: string, verdict: Verdict): Observation => ({
  ...{ from, to, port: 8080, protocol: 'TCP', verdict, flaky: false, attempts: 1, detail: 'as planted' },
});

export const service = {
  ...{ namespace: 'prod', name: 'web', selector: { app: 'web' }, addresses: ['10.96.0.9'] },
  ports: [{ number: 80, protocol: 'TCP', target: 8080 }],
} as const;

const targetOf = (to: string): Facts['target'] => {
  if (to === 'prod/web') return { kind: 'pod', endpoint: to, ready: true, state: 'ready' };
  if (to === '198.51.100.7') return { kind: 'host', endpoint: endName({ kind: 'host', name: to }), address: to };
  return {
    ...{ kind: 'service', way: to === 'dns:prod/web' ? 'dns' : 'svc', service, port: service.ports[0] },
    backends: known([{ endpoint: 'prod/web', port: 8080, ready: true }]),
  };
};

export const diagnosed = ({
  to = 'prod/web',
  port,
  want = 'allow',
  policies = [],
  saw = 'dropped',
  own = 'allowed',
  ...more
}: Case): Diagnosis => {
  const asked = port ?? (to === 'prod/web' ? '8080' : '80');
  const facts: Facts = {
    question: readQuestion({ from: 'dev/client', to, port: asked }, want),
    asked: {
      from: 'dev/client',
      to: targetOf(to).kind === 'host' ? endName({ kind: 'host', name: to }) : to,
      port: Number(asked),
      protocol: 'TCP',
    },
    family: 'IPv4',
    ...{ source: client, pods, target: targetOf(to), services: known([service]) },
    policies: known({
      policies,
      labels: new Map([
        ['dev', { env: 'dev', 'kubernetes.io/metadata.name': 'dev' }],
        ['prod', { env: 'prod', 'kubernetes.io/metadata.name': 'prod' }],
      ]),
      version: '1',
    }),
    elsewhere: more.elsewhere ?? known([]),
    dns: null,
    ...more.facts,
  };
  return diagnosisOf(facts, {
    path: known(seen('dev/client', to, saw)),
    own: new Map([['prod/web', known(seen('prod/web', 'prod/web', own))]]),
    direct: new Map(),
    lookup: null,
    policies: 'unchanged',
    allowAll: { missing: 'not asked for' },
    ...more.observed,
  });
};

export const sentence = (given: Case): string => sentenceOf(diagnosed(given));

/** Everything in prod is closed but what the others open. */
export const closed = policy('prod/deny-all', { podSelector: {}, policyTypes: ['Ingress'] });
