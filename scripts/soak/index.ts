/**
 * npm run soak: runs the scenarios many times on one kept cluster, some rounds with every core busy, then kills runs and
 * diagnoses at random moments, and looks for wrong verdicts, leftovers and growing memory. Exits with 1 if it finds any.
 */
import { randomInt } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { whileBusy } from './busy.ts';
import { killDiagnoses } from './diagnose-kills.ts';
import { keptCluster, leftBefore, leftovers } from './leftovers.ts';
import { clusterUp, killAfter, type Round, runRound } from './podreach.ts';
import { findings, type Kills, summary } from './summary.ts';

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '30' },
    busy: { type: 'string', default: '5' },
    kills: { type: 'string', default: '40' },
    diagnoses: { type: 'string', default: '20' },
  },
  allowPositionals: true,
});
const count = (text: string, name: string): number => {
  if (!/^\d{1,4}$/v.test(text)) throw new Error(`--${name} needs a number, not ${text}`);
  return Number(text);
};
const rounds = count(values.rounds, 'rounds');
const busy = count(values.busy, 'busy');
const kills = count(values.kills, 'kills');
const diagnoses = count(values.diagnoses, 'diagnoses');
const paths = positionals.length > 0 ? positionals : ['scenarios'];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A run of one scenario with pods and one with hosts takes about as long. */
const KILLED = ['scenarios/deny-all', 'scenarios/egress-to-cidr'];
const LONGEST_MS = 12_000;

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

/** Runs and searches in turn. A search goes on where the one before it was killed. */
const search = [
  'minimize',
  'scenarios/deny-all',
  '--cell',
  'dev/client prod/web 80',
  '--output',
  join(temporary, 'small'),
];
const killedAt = [
  ['run', '--keep', ...KILLED],
  [...search, '--live', '--keep'],
];
const killed: { -readonly [key in keyof Kills]: Kills[key] } = { times: 0, left: [], nextOk: true };
for (let index = 0; index < kills; index += 1) {
  const afterMs = randomInt(500, LONGEST_MS);
  await killAfter(killedAt[index % killedAt.length] ?? [], afterMs);
  killed.times += 1;
  say(`kill ${index + 1}: after ${afterMs} ms`);
}
if (kills > 0) {
  // The next run removes what they left behind.
  const next = await runRound(KILLED);
  killed.nextOk = next.ok;
  killed.left = [...(await leftovers(cluster, before)), ...(await temporaryFiles())];
  for (const line of next.problems) say(`  ${line}`);
}

if (diagnoses > 0) left.push(...(await killDiagnoses(name, diagnoses, say)));

await rm(temporary, { recursive: true, force: true });
say(summary(seen, left, killed));
const found = findings(seen, left, killed);
for (const finding of found) say(`found: ${finding}`);
process.exitCode = found.length > 0 ? 1 : 0;
