import process from 'node:process';
import {
  changesBetween,
  compareCells,
  compile,
  decide,
  type NetworkPolicy,
  type Port,
  reachability,
  readPolicies,
  withPolicies,
} from '../../src/model/index.ts';
import { generateCluster, type Size } from './generator.ts';

/** What one process measured, in ms and MB; a process of its own for each, so that none warms another up or swells it. */
export interface Measurement {
  readonly classes: number;
  readonly readMs: number;
  readonly compileMs: number;
  /** The work that the case is about; `warmMs` is its median when it is done again, for a process that lives on. */
  readonly workMs: number;
  readonly warmMs: number;
  readonly peakMb: number;
}

const PORTS: readonly Port[] = [
  ...[80, 8080, 9090, 5432, 8443].map((number) => ({ number, protocol: 'TCP' as const })),
  { number: 53, protocol: 'UDP' },
];
const REPEATS = 7;
const DECISIONS = 100_000;

const timed = <Value>(work: () => Value): { readonly value: Value; readonly ms: number } => {
  const startMs = performance.now();
  const value = work();
  return { value, ms: performance.now() - startMs };
};

const measure = (what: string, size: Size): Measurement => {
  const { world, manifests } = generateCluster(size);
  const read = timed(() => readPolicies(manifests));
  const compiled = timed(() => compile(world, read.value));
  const model = compiled.value;
  const changeOf = (at: number): readonly NetworkPolicy[] => {
    const policies = [...read.value];
    const { namespace = '' } = policies[at] ?? {};
    policies[at] = readPolicies([rewritten(namespace)])[0] as NetworkPolicy;
    return policies;
  };
  const names = [...model.endpoints.keys()];
  // Someone who asks for the effect of a change already knows the state before it.
  if (what === 'change') reachability(model, PORTS);
  // Each prepares what should not be timed, and returns what should.
  const works: Readonly<Record<string, (round: number) => () => number>> = {
    matrix: (round) => {
      // A model keeps what the first round found.
      const fresh = round === 0 ? model : compile(world, read.value);
      return () => reachability(fresh, PORTS).classes.length;
    },
    change: (round) => {
      const changed = changeOf((round * 97) % size.policies);
      return () => changesBetween(model, withPolicies(model, changed), PORTS).length;
    },
    compare: (round) => {
      // A process that compares knows neither side, and reads both.
      const sideOf = (policies: readonly NetworkPolicy[]) => ({
        model: compile(world, policies),
        portsOf: () => PORTS,
      });
      const [before, after] = [sideOf(read.value), sideOf(changeOf((round * 97) % size.policies))];
      return () => [...compareCells(before, after, () => true)].length;
    },
    decide: () => () => {
      for (let at = 0; at < DECISIONS; at += 1) {
        const from = names[(at * 7919) % names.length] as string;
        const to = names[(at * 104_729) % names.length] as string;
        decide(model, { from, to, port: 8080, protocol: 'TCP' });
      }
      return 0;
    },
  };
  const work = works[what];
  if (!work) throw new RangeError(`there is nothing to measure named ${what}`);
  const first = timed(work(0));
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const again = Array.from({ length: REPEATS }, (_, round) => timed(work(round + 1)).ms).sort((a, b) => a - b);
  return {
    classes: first.value,
    readMs: read.ms,
    compileMs: compiled.ms,
    workMs: first.ms,
    warmMs: again[REPEATS >> 1] as number,
    peakMb,
  };
};

const rewritten = (namespace: string): unknown => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'rewritten', namespace },
  spec: {
    podSelector: { matchLabels: { tier: 'backend' } },
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { environment: 'prod' } } }], ports: [{ port: 80 }] }],
  },
});

const [what = '', namespaces, pods, policies] = process.argv.slice(2);
const size = { namespaces: Number(namespaces), pods: Number(pods), policies: Number(policies) };
process.stdout.write(JSON.stringify(measure(what, size)));
