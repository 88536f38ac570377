import type { Condensed, WrittenPod } from '../../capture/index.ts';
import type { Cell, RunResult } from '../../matrix/index.ts';
import { predict } from '../../matrix/index.ts';
import { runProbe } from '../../run/index.ts';
import { type ExpectedProbe, probeKey, probesOf, type Step } from '../../scenario/index.ts';
import { type PodChoice, withAgreedPods } from '../running-pods/index.ts';
import type { Terminal } from '../terminal/index.ts';

/** What was seen between the pods whose labels the scenario's pods have, as its expectation. */
export interface Observed {
  readonly matrix: readonly ExpectedProbe[];
  /** How many cells have no expectation, by the reason. */
  readonly unseen: ReadonlyMap<Unseen, number>;
  /** The cells where the specification says something else. */
  readonly otherwise: readonly ExpectedProbe[];
}

export type Unseen = 'service' | 'apart' | 'broken' | 'flaky' | 'not-probed';

/** Asks for consent, as `podreach probe` does, and probes one pod of each class. */
export const probeSamples = (
  { namespaces }: Condensed,
  flags: Omit<PodChoice, 'namespace' | 'only' | 'retries' | 'repeatEach'>,
  terminal: Terminal,
): Promise<RunResult> => {
  const samples = namespaces.flatMap(({ pods }) => pods.map(({ standIn }) => standIn.sample));
  const only = new Set(samples.map(({ endpoint }) => endpoint));
  const places = [...new Set(samples.map(({ namespace }) => namespace))];
  const choice = { ...flags, namespace: places, only, retries: 1, repeatEach: 1 };
  return withAgreedPods(
    choice,
    terminal,
    (plan) => plan,
    (client, plan) => runProbe(client, plan, terminal),
  );
};

/** Turns what was seen into what is expected of the scenario's pods; null where nothing was seen, or not for sure. */
export const observedIn = (result: RunResult, { namespaces }: Condensed, step: Step): Observed => {
  const cells = new Map(
    result.scenarios
      .flatMap(({ steps }) => steps)
      .flatMap(({ cells: own }) => own)
      .flatMap(keyed),
  );
  const written = new Map(namespaces.flatMap(({ pods }) => pods).map((pod) => [pod.endpoint, pod]));
  const unseen = new Map<Unseen, number>();
  const matrix = probesOf(step.topology)
    .filter(({ from, to }) => from !== to)
    .map((probe): ExpectedProbe => {
      const [from, to] = [written.get(probe.from), written.get(probe.to)];
      const seen =
        from && to
          ? seenBetween(from, to, (one, other) => cells.get(keyOf({ ...probe, from: one, to: other })))
          : 'service';
      if (seen === 'allow' || seen === 'deny') return { ...probe, expectation: seen };
      unseen.set(seen, (unseen.get(seen) ?? 0) + 1);
      return { ...probe, expectation: null };
    });
  const predicted = new Map(predict(step).map((one) => [keyOf(one), one.decision]));
  const otherwise = matrix.filter((cell) => {
    const decision = predicted.get(keyOf(cell));
    return (
      cell.expectation !== null && decision !== undefined && decision !== 'unknown' && decision !== cell.expectation
    );
  });
  return { matrix, unseen, otherwise };
};

type Key = Pick<Cell, 'from' | 'to' | 'port' | 'protocol'>;

const keyOf = ({ from, to, port, protocol }: Key): string => probeKey({ from, to, port, protocol });

/** Of pods with two addresses, the scenario has the first. */
const keyed = (cell: Cell): readonly (readonly [string, Cell])[] =>
  cell.family === 'IPv6' ? [] : [[keyOf(cell), cell]];

const seenBetween = (
  { standIn: one }: WrittenPod,
  { standIn: other }: WrittenPod,
  find: (from: string, to: string) => Cell | undefined,
): 'allow' | 'deny' | Unseen => {
  const [from, to] = [one.sample, other.sample];
  // Pods that a policy may treat as those of one namespace, although these two are not, or the other way round.
  const areTogether = one.namespace === other.namespace;
  if (from === to || (areTogether !== (from.namespace === to.namespace) && one.kind === other.kind)) return 'apart';
  const cell = find(from.endpoint, to.endpoint);
  if (!cell) return 'not-probed';
  if (cell.status === 'flaky') return 'flaky';
  if (cell.observed === 'allowed') return 'allow';
  return cell.observed === 'dropped' || cell.observed === 'rejected' ? 'deny' : 'broken';
};
