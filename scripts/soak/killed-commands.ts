/** The commands that the soak kills, and when. */
import { join } from 'node:path';

/** Where they run. */
export interface Place {
  /** The running pods that they look at, and an image that their nodes have. */
  readonly namespaces: readonly string[];
  readonly image: string;
  readonly kubeconfig: string;
  readonly context: string;
  /** For what stays from one kill to the next. */
  readonly folder: string;
  /** How often this command has been killed. */
  readonly turn: number;
  /** A scenario with a cell that the cluster does otherwise than the specification says. */
  readonly planted: string;
}

/** Some time after a command said something on standard error, or after its start. */
export interface Moment {
  readonly since?: string;
  readonly latestMs: number;
}

export interface KilledCommand {
  readonly name: string;
  readonly args: (place: Place) => readonly string[];
  /** In turn. */
  readonly moments: readonly [Moment, ...Moment[]];
}

const toPods = ({ kubeconfig, context, image }: Place): readonly string[] => [
  ...['--kubeconfig', kubeconfig, '--context', context, '--probe-image', image, '--yes'],
];
const attached = (place: Place): readonly string[] => [
  ...place.namespaces.flatMap((name) => ['--namespace', name]),
  ...toPods(place),
];

/** A path that nothing has yet. */
const fresh = ({ folder, turn }: Place, name: string): string => join(folder, `${name}-${turn}`);

const BEFORE = 'scenarios/allow-from-dev';
const AFTER = 'scenarios/deny-all';
const WATCHED = ['--for', '20s', '--reporter', 'json'];

/** A run of one scenario with pods and one with hosts. */
export const RUN = [AFTER, 'scenarios/egress-to-cidr'];

/** A late moment comes after the cluster's proof, which takes some seconds. */
const LONG: Moment = { latestMs: 12_000 };
const PLAN = 'plan for';

export const COMMANDS: readonly KilledCommand[] = [
  {
    name: 'run',
    args: ({ folder }) => ['run', '--keep', ...RUN, '--reporter', `terminal,ndjson=${join(folder, 'run.ndjson')}`],
    moments: [LONG],
  },
  {
    name: 'compare --live',
    args: () => ['compare', '--live', '--keep', `HEAD:${BEFORE}`, AFTER],
    moments: [LONG, { since: 'proving that', latestMs: 12_000 }],
  },
  {
    name: 'compare --live --plan',
    args: (place) => [
      ...['compare', '--live', '--keep', '--plan', fresh(place, 'plan'), '--order', 'planned,written'],
      ...[BEFORE, AFTER],
    ],
    moments: [LONG, { since: 'one by one', latestMs: 8_000 }],
  },
  {
    name: 'mutate --live',
    args: () => ['mutate', BEFORE, '--live', '3', '--keep'],
    moments: [LONG, { since: 'mutant 1 of', latestMs: 3_000 }],
  },
  {
    // A search goes on where the one before it was killed; after three kills a new one begins.
    name: 'minimize --live',
    args: ({ planted, folder, turn }) => [
      ...['minimize', planted, '--live', '--keep', '--cell', 'dev/client prod/web 80'],
      ...['--output', join(folder, `small-${Math.floor(turn / 3)}`)],
    ],
    moments: [LONG, { since: '  try ', latestMs: 4_000 }],
  },
  {
    name: 'watch of a scenario',
    args: () => ['watch', AFTER, '--keep', ...WATCHED],
    moments: [LONG, { since: 'watching;', latestMs: 8_000 }],
  },
  {
    name: 'watch of running pods',
    args: (place) => ['watch', ...attached(place), ...WATCHED],
    moments: [
      { since: PLAN, latestMs: 6_000 },
      { since: 'watching;', latestMs: 8_000 },
    ],
  },
  {
    name: 'probe',
    args: (place) => ['probe', ...attached(place), '--reporter', `json=${join(place.folder, 'probe.json')}`],
    moments: [
      { since: PLAN, latestMs: 5_000 },
      { since: 'probing', latestMs: 2_000 },
    ],
  },
  {
    name: 'probe --exec',
    args: (place) => ['probe', '--exec', ...attached(place)],
    moments: [{ since: PLAN, latestMs: 2_000 }],
  },
  {
    name: 'capture --observed',
    args: (place) => ['capture', fresh(place, 'captured'), '--observed', ...attached(place)],
    moments: [
      { since: PLAN, latestMs: 4_000 },
      { since: 'detaching', latestMs: 1_000 },
    ],
  },
  {
    name: 'diagnose',
    args: (place) => {
      const [from, to] = place.namespaces;
      return ['diagnose', `${from}/client`, `${to}/closed`, '8080', '--allow-all-test', ...toPods(place)];
    },
    // The policies are there for about half a second.
    moments: [
      { since: PLAN, latestMs: 3_000 },
      { since: 'a temporary allow-all …', latestMs: 800 },
    ],
  },
];
