/**
 * npm run soak: runs the scenarios many times on one kept cluster, some rounds with every core busy, then kills each live
 * command at random moments, and looks for wrong verdicts, leftovers and growing memory. Exits with 1 if it finds any.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { whileBusy } from './busy.ts';
import { killAll, NO_KILLS } from './kills.ts';
import { keptCluster, leftBefore, leftovers } from './leftovers.ts';
import { clusterUp, type Round, runRound } from './podreach.ts';
import { findings, summary } from './summary.ts';

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '30' },
    busy: { type: 'string', default: '5' },
    kills: { type: 'string', default: '20' },
    only: { type: 'string', multiple: true, default: [] },
  },
  allowPositionals: true,
});
const count = (text: string, name: string): number => {
  if (!/^\d{1,4}$/v.test(text)) throw new Error(`--${name} needs a number, not ${text}`);
  return Number(text);
};
const rounds = count(values.rounds, 'rounds');
const busy = count(values.busy, 'busy');
/** Of each command. */
const kills = count(values.kills, 'kills');
const paths = positionals.length > 0 ? positionals : ['scenarios'];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

// For this soak and everything it starts, so that the leftovers of others are not mistaken for its own.
const temporary = await mkdtemp(join(tmpdir(), 'soak-'));
process.env.TMPDIR = temporary;
const temporaryFiles = async (): Promise<readonly string[]> =>
  (await readdir(temporary)).filter((name) => name.startsWith('podreach-'));

const name = await clusterUp();
const cluster = await keptCluster(name);
const before = await leftBefore(cluster);
const seen: Round[] = [];
const left: string[] = [];
for (let index = 0; index < rounds; index += 1) {
  // Spread evenly, so that growth is not mistaken for an effect of being busy.
  const isBusy = Math.floor(((index + 1) * busy) / rounds) > Math.floor((index * busy) / rounds);
  const round = await (isBusy ? whileBusy(() => runRound(paths)) : runRound(paths));
  seen.push(round);
  const own = [...(await leftovers(cluster, before)), ...(await temporaryFiles())];
  left.push(...own);
  const { ok, seconds, usedMiB, cells, wrong, broken } = round;
  say(
    `round ${index + 1}${isBusy ? ' (busy)' : ''}: ${ok ? 'as expected' : 'not as expected'}, ${seconds} s, ${usedMiB} MiB in use, ${cells} cells, ` +
      `${wrong.length} wrong, ${broken} errors, ${own.length} left`,
  );
  for (const line of [...round.problems, ...wrong, ...own]) say(`  ${line}`);
}

const options = { cluster: name, nodes: cluster, times: kills, only: values.only, temporary, say };
const killed = kills > 0 ? await killAll(options) : NO_KILLS;

await rm(temporary, { recursive: true, force: true });
say(summary(seen, left, killed));
const found = findings(seen, left, killed);
for (const finding of found) say(`found: ${finding}`);
process.exitCode = found.length > 0 ? 1 : 0;
