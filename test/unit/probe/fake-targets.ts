import type { ExecResult } from '../../../src/cluster/client.ts';
import { type Endpoint, type PodEndpoint, questionOf } from '../../../src/deploy/index.ts';
import type { Targets } from '../../../src/probe/index.ts';
import type { Port, Probe } from '../../../src/scenario/index.ts';

/** One trial as the script gets it. */
export interface Asked {
  readonly id: number;
  readonly tool: string;
  readonly address: string;
  readonly port: number;
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
export const REFUSED: Told = { code: 1, ms: 10, output: 'nc: connect failed: Connection refused' };

export const endpoint = (name: string, index: number, ports: readonly Port[]): PodEndpoint => {
  const [namespace = '', pod = ''] = name.split('/');
  return { endpoint: name, namespace: `${namespace}-x7k2a`, pod, node: 'n1', address: `10.0.0.${index + 1}`, ports };
};

export const line = (nonce: string, id: number, { code, ms = 10, output = '' }: Told): string =>
  `${nonce} ${id} ${code} 100.00 ${(100 + ms / 1000).toFixed(2)} ${output} ${nonce}:${id}\n`;

export type Behaviour = (asked: Asked, from: string, attempt: number) => Told;
export type Tamper = (stdout: string, from: string, attempt: number) => string | ExecResult | Promise<never>;

export interface FakeTargets extends Targets {
  /** For each exec, from where it came. */
  readonly execs: string[];
  readonly mostAtOnce: () => number;
}

/**
 * Pods in memory. What an open connection reports is filled in: wget's body, UDP's echo. `tamper` spoils what an exec
 * gives back.
 */
export const fakeTargets = (
  endpoints: readonly Endpoint[],
  behave: Behaviour,
  tamper: Tamper = (stdout) => stdout,
  lost: ReadonlyMap<string, string> = new Map(),
): FakeTargets => {
  const execs: string[] = [];
  let running = 0;
  let most = 0;
  const byAddress = new Map(endpoints.map((one) => [one.address, one]));
  return {
    execs,
    mostAtOnce: () => most,
    endpoints: new Map(endpoints.map((one) => [one.endpoint, one])),
    lost: async () => lost,
    source: (from) => ({
      endpoint: from,
      exec: async (argv) => {
        execs.push(from);
        const attempt = execs.filter((one) => one === from).length;
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        const [, , , , nonce = '', , , ...trials] = argv;
        const lines = trials.map((trial) => {
          const [id, tool, address, port] = trial.split(',');
          const asked = { id: Number(id), tool: tool ?? '', address: address ?? '', port: Number(port) };
          const told = behave(asked, from, attempt);
          const body =
            tool === 'wget'
              ? questionOf(byAddress.get(asked.address) as Endpoint, asked.port).answer
              : tool === 'udp'
                ? nonce
                : '';
          return line(nonce, asked.id, told === OPEN || told === LATE ? { ...told, output: body } : told);
        });
        const result = await tamper(`${lines.join('')}end ${nonce} ${trials.length}\n`, from, attempt);
        return typeof result === 'string' ? { stdout: result, stderr: '', exitCode: 0 } : result;
      },
    }),
  };
};

export const probe = (from: string, to: string, port = 80, protocol: Probe['protocol'] = 'TCP'): Probe => ({
  from,
  to,
  port,
  protocol,
});
