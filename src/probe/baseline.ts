import { setTimeout as sleep } from 'node:timers/promises';
import { PodreachError } from '../errors.ts';
import type { Probe } from '../scenario/index.ts';
import { portText } from '../scenario/index.ts';
import { createMeetings, type Meetings } from './meetings.ts';
import { type ProbeOptions, probeMatrix } from './probe-matrix.ts';
import type { Targets } from './targets.ts';
import type { Observation } from './verdict.ts';

export interface BaselineOptions extends Omit<ProbeOptions, 'retries'> {
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 15_000;
const PAUSE_MS = 200;

/**
 * Proves that without policies every probe gets through; otherwise a server that never listened would look blocked.
 * Repeats failed probes until all succeed, and those of a Service until each of its backends has answered. At the deadline
 * (15 s) throws a PodreachError that says which server, path or source is at fault.
 */
export const baseline = async (
  targets: Targets,
  probes: readonly Probe[],
  options: BaselineOptions = {},
): Promise<void> => {
  const { deadlineMs = DEADLINE_MS, ...probing } = options;
  const end = performance.now() + deadlineMs;
  const seen = new Map<Probe, Observation>();
  const meetings = createMeetings(targets.endpoints);
  let open = probes;
  for (;;) {
    const observations = await probeMatrix(targets, open, { ...probing, retries: 0 });
    for (const [index, observation] of observations.entries()) {
      seen.set(open[index] as Probe, observation);
      meetings.note(observation);
    }
    open = open.filter((probe) => !isWell(seen.get(probe) as Observation) || meetings.missing(probe).length > 0);
    if (open.length === 0) return;
    if (performance.now() >= end) break;
    await sleep(PAUSE_MS);
  }
  const faults = [...findFaults([...seen.values()]), ...open.flatMap((probe) => unmetText(probe, meetings))];
  throw new PodreachError(
    `without any policy, ${open.length} of ${probes.length} probes do not get through after ${deadlineMs / 1000} s: ${faults.join('; ')}`,
    { hint: 'the pods or the network are at fault, not the policies under test' },
  );
};

const unmetText = (probe: Probe, meetings: Meetings): readonly string[] =>
  meetings.missing(probe).map((backend) => `${probe.to} ${portOf(probe)} never leads ${probe.from} to ${backend}`);

const isWell = ({ verdict }: Observation): boolean => verdict === 'allowed' || verdict === 'unsupported';

const FAULTS_SHOWN = 5;

/**
 * Finds what is at fault in a matrix that should be open everywhere, the simplest explanation first: a source that
 * reaches no other, while others do; a server that does not even answer its own pod; a pod that no other reaches; and
 * for the rest, path by path.
 */
export const findFaults = (observations: readonly Observation[]): readonly string[] => {
  const others = observations.filter(({ from, to }) => from !== to);
  const mute = others.some(isWell)
    ? [...Map.groupBy(others, ({ from }) => from)].filter(([, cells]) => !cells.some(isWell))
    : [];
  const muteNames = new Set(mute.map(([from]) => from));
  const servers = Map.groupBy(
    observations.filter(({ from, to }) => !muteNames.has(from) || from === to),
    (cell) => `${cell.to} ${portOf(cell)}`,
  );
  const faults = [
    ...mute.map(([from, cells]) => `${from} reaches nothing else, though others do (${cells[0]?.detail})`),
    ...[...servers.values()].flatMap(faultsOfServer),
  ];
  return faults.length > FAULTS_SHOWN
    ? [...faults.slice(0, FAULTS_SHOWN), `and ${faults.length - FAULTS_SHOWN} more`]
    : faults;
};

const faultsOfServer = (cells: readonly Observation[]): readonly string[] => {
  const bad = cells.filter((cell) => !isWell(cell));
  const own = bad.find(({ from, to }) => from === to);
  if (own) return [`${own.to} does not listen on ${portOf(own)} (from itself: ${own.detail})`];
  const fromOthers = cells.filter(({ from, to }) => from !== to);
  if (bad.length === fromOthers.length && bad.length > 1)
    return bad
      .slice(0, 1)
      .map((cell) => `nothing else reaches ${cell.to} on ${portOf(cell)}: its node or the path to it (${cell.detail})`);
  return bad.map((cell) => `${cell.from} does not reach ${cell.to} on ${portOf(cell)} (${cell.detail})`);
};

const portOf = ({ port, protocol, family }: Probe): string =>
  `${portText({ number: port, protocol })}${family === undefined ? '' : ` over ${family}`}`;
