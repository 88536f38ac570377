import type { Endpoint, HostEndpoint } from '../../../src/deploy/index.ts';
import { runBatch } from '../../../src/probe/run-batch.ts';
import type { SourcePorts } from '../../../src/probe/source-ports.ts';
import type { Probe } from '../../../src/scenario/index.ts';
import { endpoint, line, type Told } from './fake-targets.ts';

export const WEB = endpoint('prod/web', 0, [{ number: 80, protocol: 'TCP' }]);
export const OFFICE: HostEndpoint = {
  kind: 'host',
  endpoint: 'host:office',
  container: 'podreach-office-x7k2a',
  addresses: ['172.17.5.10'],
  ports: [
    { number: 80, protocol: 'TCP' },
    { number: 53, protocol: 'UDP' },
  ],
};

/** What the source was given, and the readings of the probes when each tool reports what `tell` says. */
export const batchOf = async (
  probes: readonly Probe[],
  tell: (tool: string, ask: string) => Told,
  endpoints: readonly Endpoint[] = [WEB, OFFICE],
) => {
  let trials: readonly string[] = [];
  const exec = async (argv: readonly string[]) => {
    const [, , , , nonce = '', , , ...rest] = argv;
    trials = rest;
    const lines = rest.map((trial) => {
      const [id, tool = '', , , ask = ''] = trial.split(',');
      return line(nonce, Number(id), tell(tool, ask));
    });
    return { stdout: `${lines.join('')}end ${nonce} ${rest.length}\n`, stderr: '', exitCode: 0 };
  };
  const named = new Map(endpoints.map((one) => [one.endpoint, one]));
  const asked: { addresses: readonly string[]; count: number; served: readonly number[] }[] = [];
  const ports: SourcePorts = {
    take: async (addresses, count, { served = new Set<number>() } = {}) => {
      asked.push({ addresses, count, served: [...served].sort() });
      return Array.from({ length: count }, (_, index) => 12_000 + index);
    },
  };
  const readings = await runBatch({ endpoint: 'prod/api', exec }, probes, named, { timeoutMs: 2000, ports });
  return { trials, asked, readings: probes.map((one) => readings.get(one)) };
};

const ANSWERS: Readonly<Record<string, string>> = {
  hostname: 'podreach-office-x7k2a',
  clientip: '192.168.1.7:41234',
  '': 'prod-x7k2a/web:80',
};
/** What a host, and a pod's web server, say to what they are asked. */
export const answers = (_tool: string, path: string): Told => ({ code: 0, output: ANSWERS[path] ?? '' });
