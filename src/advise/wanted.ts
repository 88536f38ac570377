import { type Cell, modelOf, predictEach } from '../matrix/index.ts';
import {
  bareProbe,
  type ExpectedProbe,
  eachProbeIn,
  endsOf,
  expectedIn,
  type Family,
  familiesOfSteps,
  type Probe,
  probeKey,
  type Step,
  type Topology,
} from '../scenario/index.ts';
import { createBackends } from './backends.ts';

/**
 * Why nothing is known of a cell: the specification leaves it undefined, the model can't decide it, or it was not seen for
 * certain.
 */
export type Doubt = 'undefined' | 'undecided' | 'error' | 'unsupported' | 'flaky' | 'not-seen';

/** What policies shall do to a cell. Without an expectation there is a doubt, or nothing is expected of it. */
export interface WantedCell extends ExpectedProbe {
  readonly doubt?: Doubt;
}

/** A matrix that policies are wanted for: every probe but those of a pod to itself. */
export interface Wanted {
  readonly topology: Topology;
  readonly families: readonly Family[];
  readonly cells: readonly WantedCell[];
}

/** What a step expects; with `expect: model`, what its own policies do. null if no expectation is written. */
export const wantedOf = ({ topology, policies, expected }: Step): Wanted | null => {
  const families = familiesOfSteps([{ topology, expected }]);
  if (expected === null) return null;
  if (expected !== 'model')
    return { topology, families, cells: expectedIn(expected, eachProbeIn(topology, families), families) };
  const predicted = [...predictEach({ topology, policies, families })].filter(isBetweenTwo);
  const cells = predicted.map(({ decision, leftOpen, ...prediction }): WantedCell => {
    const probe = bareProbe(prediction);
    if (decision !== 'unknown') return { ...probe, expectation: decision };
    return { ...probe, expectation: null, doubt: leftOpen ? 'undefined' : 'undecided' };
  });
  return { topology, families, cells };
};

/**
 * What was seen of the same ends: only what was allowed or blocked for certain is known. What was left undefined for a pod that
 * meets itself through a Service is so for other policies too.
 */
export const wantedFromSeen = (topology: Topology, seen: readonly Cell[]): Wanted => {
  const named = new Set(seen.flatMap(({ family }) => family ?? []));
  const [first = 'IPv4'] = familiesOfSteps([{ topology, expected: null }]);
  const families = named.size > 0 ? [...named].sort() : [first];
  const byKey = new Map(seen.map((cell) => [probeKey(cell), cell]));
  const probes = [...eachProbeIn(topology, families)].filter(isBetweenTwo);
  const meetsItself = createMeetsItself(topology, families);
  const cells = probes.map((probe) => {
    const cell = byKey.get(probeKey(probe));
    return { ...probe, ...seenAs(cell, cell?.status === 'open' && meetsItself(probe)) };
  });
  return { topology, families, cells };
};

/** Whether one of the pods behind a Service is the one that connects to it. */
const createMeetsItself = (topology: Topology, families: readonly Family[]) => {
  const backends = createBackends(modelOf({ topology, families, policies: [] }));
  const ends = new Map(endsOf(topology).map((end) => [end.endpoint, end]));
  return (probe: Probe): boolean => {
    const to = ends.get(probe.to);
    return to?.kind === 'service' && backends(to.service, probe).some(({ name }) => name === probe.from);
  };
};

const seenAs = (cell: Cell | undefined, isUndefined: boolean): Pick<WantedCell, 'expectation' | 'doubt'> => {
  const { observed = null, observation } = cell ?? {};
  if (isUndefined) return { expectation: null, doubt: 'undefined' };
  if (observed === null) return { expectation: null, doubt: 'not-seen' };
  if (observed === 'error' || observed === 'unsupported') return { expectation: null, doubt: observed };
  if (observation?.flaky) return { expectation: null, doubt: 'flaky' };
  return { expectation: observed === 'allowed' ? 'allow' : 'deny' };
};

/** A pod reaches itself whatever policies say. */
const isBetweenTwo = ({ from, to }: Probe): boolean => from !== to;
