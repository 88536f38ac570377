import {
  type Endpoint,
  hostnameOf,
  isHost,
  isService,
  type PodEndpoint,
  type ServiceEndpoint,
} from '../../../src/deploy/index.ts';
import type { ExecResult } from '../../../src/kube/client.ts';
import type { Targets } from '../../../src/probe/index.ts';
import type { Port, Probe } from '../../../src/scenario/index.ts';

/** One trial as the script gets it; `option` is -4, -6 or nothing, `from` the source port of a datagram. */
export interface Asked {
  readonly id: number;
  readonly tool: string;
  readonly host: string;
  readonly port: number;
  readonly ask: string;
  readonly option: string;
  readonly from: string;
}

/** What a trial is made to report. */
export interface Told {
  readonly code: number;
  readonly ms?: number;
  readonly output?: string;
}

export const OPEN: Told = { code: 0, ms: 10 };
/** Answers, as `OPEN` does, on a machine that is too busy. */
export const LATE: Told = { code: 0, ms: 1200 };
export const TIMED_OUT: Told = { code: 143, ms: 2000 };
/** What agnhost says where the kernel opens no SCTP sockets. */
export const NO_SCTP: Told = { code: 1, output: 'OTHER: protocol not supported' };
export const REFUSED: Told = { code: 1, ms: 10, output: 'nc: connect failed: Connection refused' };

export const endpoint = (name: string, index: number, ports: readonly Port[]): PodEndpoint => {
  const [namespace = '', pod = ''] = name.split('/');
  return {
    kind: 'pod',
    endpoint: name,
    namespace: `${namespace}-x7k2a`,
    pod,
    node: 'n1',
    addresses: [`10.0.0.${index + 1}`],
    ports,
  };
};

/** A Service in front of pods, on 80/TCP and 53/UDP, each of which they serve on 8080. */
export const service = (backends: readonly string[], changes: Partial<ServiceEndpoint> = {}): ServiceEndpoint => {
  const behind = backends.map((name) => {
    const { namespace, pod, node } = endpoint(name, 0, []);
    return { endpoint: name, namespace, pod, node, port: 8080 };
  });
  return {
    kind: 'service',
    endpoint: 'svc:prod/web',
    way: 'svc',
    addresses: ['10.96.0.7', 'fd00:10:96::7'],
    ports: [
      { number: 80, protocol: 'TCP' },
      { number: 53, protocol: 'UDP' },
    ],
    translations: new Map([
      ['80/TCP', { port: 80, backends: behind }],
      ['53/UDP', { port: 53, backends: behind }],
    ]),
    ...changes,
  };
};

/** The same, by its name. */
export const byName = (backends: readonly string[]): ServiceEndpoint =>
  service(backends, {
    endpoint: 'dns:prod/web',
    way: 'dns',
    addresses: [],
    dnsName: 'web.prod-x7k2a.svc.cluster.local.',
  });

export const line = (nonce: string, id: number, { code, ms = 10, output = '' }: Told): string =>
  `${nonce} ${id} ${code} 100.00 ${(100 + ms / 1000).toFixed(2)} ${output} ${nonce}:${id}\n`;

export type Behaviour = (asked: Asked, from: string, attempt: number) => Told;
export type Tamper = (stdout: string, from: string, attempt: number) => string | ExecResult | Promise<never>;

export interface FakeTargets extends Targets {
  /** For each exec, from where it came. */
  readonly execs: string[];
  /** When each of them began. */
  readonly startsMs: number[];
}

/**
 * Pods in memory. What an open connection reports is filled in: wget's body, the name that a UDP server gives, the answer of a name server. A Service is answered for by the
 * first of its backends. `tamper` spoils what an exec
 * gives back.
 */
export const fakeTargets = (
  endpoints: readonly Endpoint[],
  behave: Behaviour,
  tamper: Tamper = (stdout) => stdout,
  lost: ReadonlyMap<string, string> = new Map(),
): FakeTargets => {
  const execs: string[] = [];
  const startsMs: number[] = [];
  const byHost = new Map(endpoints.flatMap((one) => hostsOf(one).map((host) => [host, one])));
  return {
    execs,
    startsMs,
    endpoints: new Map(endpoints.map((one) => [one.endpoint, one])),
    lost: async () => lost,
    source: (from) => ({
      endpoint: from,
      exec: async (argv, { onStdout }) => {
        execs.push(from);
        const attempt = execs.filter((one) => one === from).length;
        startsMs.push(performance.now());
        await new Promise((resolve) => setImmediate(resolve));
        const [, , , , nonce = '', , , ...trials] = argv;
        const lines = trials.map((trial) => {
          const [id, tool = '', host = '', port, ask = '', option = '', start = ''] = trial.split(',');
          const asked = { id: Number(id), tool, host, port: Number(port), ask, option, from: start };
          const told = behave(asked, from, attempt);
          const body = answerTo(asked, byHost.get(host));
          return line(nonce, asked.id, told === OPEN || told === LATE ? { ...told, output: body } : told);
        });
        const result = await tamper(`${lines.join('')}end ${nonce} ${trials.length}\n`, from, attempt);
        if (typeof result === 'string') onStdout?.(result);
        return typeof result === 'string' ? { stdout: result, stderr: '', exitCode: 0 } : result;
      },
    }),
  };
};

/** By what it is connected to. */
const hostsOf = (endpoint: Endpoint): readonly string[] =>
  isService(endpoint) && endpoint.dnsName !== undefined ? [endpoint.dnsName] : endpoint.addresses;

/** What the right server says to a tool; of a Service the first backend of what is connected to. */
const answerTo = ({ tool, ask, port }: Asked, endpoint: Endpoint | undefined): string => {
  if (tool === 'name') return lookedUp(ask);
  if (!endpoint || (tool !== 'wget' && tool !== 'udp')) return '';
  if (isHost(endpoint)) return endpoint.container;
  const [backend] = isService(endpoint)
    ? ([...endpoint.translations.values()].find((one) => one.port === port)?.backends ?? [])
    : [{ ...endpoint, port }];
  if (!backend) return '';
  return tool === 'udp' ? hostnameOf(backend) : `${backend.namespace}/${backend.pod}:${backend.port}`;
};

/** What od prints of the answer to a query in octal: the query itself, marked as an answer, with an address of its type. */
export const lookedUp = (octal: string, rcode = 0): string => {
  const query = Buffer.from(
    octal
      .split('\\')
      .slice(1)
      .map((digits) => Number.parseInt(digits, 8)),
  );
  const isV6 = query.at(-3) === 28;
  // A pointer to the name, type and class as asked for, a time to live of five seconds, and the address.
  const address = Buffer.from([
    0xc0,
    12,
    ...query.subarray(-4),
    0,
    0,
    0,
    5,
    0,
    isV6 ? 16 : 4,
    ...Array(isV6 ? 16 : 4).fill(7),
  ]);
  const answer = Buffer.concat([query, rcode === 0 ? address : Buffer.alloc(0)]);
  answer.writeUInt16BE(0x81_80 | rcode, 2);
  answer.writeUInt16BE(rcode === 0 ? 1 : 0, 6);
  return answer
    .toString('hex')
    .replaceAll(/(?=(?:..)+$)/g, ' ')
    .trim();
};

export const probe = (from: string, to: string, port = 80, protocol: Probe['protocol'] = 'TCP'): Probe => ({
  from,
  to,
  port,
  protocol,
});
