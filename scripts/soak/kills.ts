/** Kills live commands at random moments, and looks at what is left. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { keptClusters } from '../../src/cluster/index.ts';
import { connect } from '../../src/kube/index.ts';
import { killOne } from './kill.ts';
import { COMMANDS, type KilledCommand, type Place, RUN } from './killed-commands.ts';
import { madeInDocker } from './left/docker.ts';
import { filesBelow, filesInCache, processesWith } from './left/machine.ts';
import { filesOn, podProcessesOn, tunnelsOn } from './left/nodes.ts';
import { kindsIn, objectsIn, withoutInner } from './left/objects.ts';
import { applyTo, inCluster, type KeptCluster, type Look, leftAfter } from './leftovers.ts';
import { runRound, runToEnd } from './podreach.ts';
import { addedTo, IMAGE, NAMESPACES, PLANTED, plantedScenario, startPods } from './running-pods.ts';

/** What became of one command. */
export interface Killed {
  readonly name: string;
  readonly times: number;
  /** Kills that came too late: it had ended by itself. */
  readonly late: number;
  /** What it said last where it had broken by itself, so that it did not do what it was to be killed at. */
  readonly broke: readonly string[];
  /** What was there right after the kills, by what it is. */
  readonly atOnce: Readonly<Record<string, number>>;
  /** What was still there after the next run. */
  readonly left: readonly string[];
  /** Whether the next run was as expected. */
  readonly nextOk: boolean;
}

export interface Kills {
  readonly commands: readonly Killed[];
  /** What was still there when everything that ends by itself had had time to. */
  readonly left: readonly string[];
  /** Ephemeral containers that have ended, which Kubernetes never removes from a pod. */
  readonly listed: number;
}

export const NO_KILLS: Kills = { commands: [], left: [], listed: 0 };

export interface KillOptions {
  readonly cluster: string;
  readonly nodes: KeptCluster;
  readonly times: number;
  /** Only the commands of these names; all if there are none. */
  readonly only: readonly string[];
  /** The temporary folder of all that this soak starts. */
  readonly temporary: string;
  readonly say: (line: string) => void;
}

const ENDING_MS = 90_000;
/** A temporary policy expires after a minute; the ephemeral container of a diagnosis lives for nearly five. */
const EXPIRING_MS = 360_000;

export const killAll = async (options: KillOptions): Promise<Kills> => {
  const { cluster, nodes, only, temporary, say } = options;
  const unknown = only.find((one) => COMMANDS.every(({ name }) => name !== one));
  if (unknown !== undefined) throw new Error(`no command is called ${unknown}: ${COMMANDS.map(({ name }) => name)}`);
  const commands = COMMANDS.filter(({ name }) => only.length === 0 || only.includes(name));
  const kept = (await keptClusters()).find(({ name }) => name === cluster);
  if (!kept) throw new Error(`the cluster ${cluster} is not kept`);
  const client = connect(kept.kubeconfig);
  const folder = join(temporary, 'work');
  await mkdir(folder);
  await removeOwn(nodes);
  try {
    await applyTo(nodes, PLANTED);
    const uids = await startPods(client);
    const planted = await plantedScenario('scenarios/allow-from-dev', join(temporary, 'work', 'planted'));
    const place = {
      namespaces: NAMESPACES,
      image: IMAGE,
      kubeconfig: kept.kubeconfig,
      context: client.context,
      folder,
      planted,
    };
    const looks = await looksOf(options, uids);
    const killed: Killed[] = [];
    for (const command of commands) killed.push(await killInTurn(command, place, looks, options));
    say('waiting for what ends by itself');
    const waitMs = performance.now();
    const left = await leftAfter(looks.expiring, EXPIRING_MS);
    const { listed, running } = await addedTo(client);
    say(`nothing more ended after ${Math.round((performance.now() - waitMs) / 1000)} s`);
    const runningStill = running > 0 ? [`${running} ephemeral containers that run`] : [];
    return { commands: killed, left: [...left, ...runningStill], listed };
  } finally {
    client.close();
    await removeOwn(nodes);
  }
};

/** Removes what this soak needs, and what an earlier one may have left of it; waits until it is gone. */
const removeOwn = async (nodes: KeptCluster): Promise<void> => {
  const planted = 'globalnetworkpolicies.crd.projectcalico.org/soak-planted';
  const namespaces = NAMESPACES.map((name) => `namespaces/${name}`);
  await inCluster(nodes, 'delete', '--ignore-not-found', planted, ...namespaces);
};

interface Looks {
  readonly all: Look;
  /** What is to end by itself, and the rest. */
  readonly expiring: Look;
  readonly lasting: Look;
}

/** What may be left, without what is there now. */
const looksOf = async ({ nodes, temporary }: KillOptions, uids: readonly string[]): Promise<Looks> => {
  const kinds = await kindsIn(nodes);
  const look: Look = async () => {
    // First, because what looks at the rest are such processes, too.
    const processes = await processesWith(temporary);
    const all = await Promise.all([
      objectsIn(nodes, kinds),
      madeInDocker(),
      filesInCache(),
      filesBelow(temporary, STAYS),
      ...nodes.nodes.flatMap((node) => [tunnelsOn(node), filesOn(node), podProcessesOn(node, uids)]),
    ]);
    return [...processes, ...all.flat()];
  };
  const before = new Set(await look());
  const all = async () => withoutInner((await look()).filter((one) => !before.has(one)));
  const some = (isExpiring: boolean) => async () => (await all()).filter((one) => EXPIRES.test(one) === isExpiring);
  return { all, expiring: some(true), lasting: some(false) };
};

/** What commands are told to write stays: reports, plans, scenarios and the answers of a search. */
const STAYS = /^work(?:\/(?!.*unfinished)[^.].*)?$/v;
/** What a diagnosis puts beside the user's policies, and what runs in an ephemeral container. */
const EXPIRES = /^(?:process in a pod|(?:NetworkPolicy|Job)\/soak-)/v;

/** The exit code of whatever broke. */
const BROKE = 2;

const killInTurn = async (
  { name, args, moments }: KilledCommand,
  place: Omit<Place, 'turn'>,
  looks: Looks,
  { times, say }: KillOptions,
): Promise<Killed> => {
  const atOnce: Record<string, number> = {};
  let late = 0;
  const broke: string[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const moment = moments[turn % moments.length] ?? moments[0];
    const { afterMs, last, ...kill } = await killOne(args({ ...place, turn }), moment);
    if ('ended' in kill) late += 1;
    if (kill.ended === BROKE) broke.push(last);
    const there = await looks.all();
    for (const one of there) atOnce[kindOf(one)] = (atOnce[kindOf(one)] ?? 0) + 1;
    const how =
      'ended' in kill ? `ended with ${kill.ended}` : `killed ${afterMs} ms after ${moment.since ?? 'its start'}`;
    say(`${name} ${turn + 1}: ${how}, ${there.length} left at once; last: ${last.trim()}`);
  }
  // The next run removes what they left behind; half a report goes when the next one is written beside it.
  const next = await runRound(RUN);
  await runToEnd(['model', ...RUN, '--reporter', `json=${join(place.folder, 'next.json')}`]);
  const left = await leftAfter(looks.lasting, ENDING_MS);
  for (const line of [...next.problems, ...left]) say(`  ${line}`);
  return { name, times, late, broke, atOnce, left, nextOk: next.ok };
};

/** `Namespace`, `file`, `process`, or the node. */
const kindOf = (line: string): string => /^[\w\-]+/v.exec(line)?.[0] ?? line;
