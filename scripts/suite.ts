import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { entries } from '../src/cluster/ledger.ts';
import { durationText } from '../src/stopwatch.ts';
import { testFiles } from './suite-order.ts';
import type { Counts } from './suite-reporter.ts';
import { closingLine, type PartResult, totalOf } from './suite-total.ts';

const minuteMs = 60_000;

interface Part {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly timeoutMs: number;
  readonly hasTests?: boolean;
}

const say = (line: string) => process.stdout.write(`${line}\n`);

/** A failed part stops only what needs it, so one run shows everything that is wrong. */
const runPart = async ({ name, command, timeoutMs, hasTests = false }: Part, folder: string): Promise<PartResult> => {
  const countsFile = join(folder, `${name.replaceAll(' ', '-')}.json`);
  const [file, ...args] = command;
  const options = hasTests ? ['--reporter-option', `counts=${countsFile}`] : [];
  say(`\n== ${name}`);
  const result = await execa(file, [...args, ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
    reject: false,
    timeout: timeoutMs,
    cancelSignal: interrupted.signal,
    forceKillAfterDelay: 2 * minuteMs, // the cleanup of live tests takes time
  });
  const counts = await readFile(countsFile, 'utf8').then(
    (json) => JSON.parse(json) as Counts,
    () => null,
  );
  const how = result.timedOut ? `did not end within ${durationText(timeoutMs)}` : result.failed ? 'failed' : 'ok';
  say(`-- ${name}: ${how} (${durationText(result.durationMs)})`);
  return { name, exitCode: result.failed ? (result.exitCode ?? 1) : 0, counts, hasTests };
};

const mocha = (folders: readonly string[], shown: 'dot' | 'spec', timeoutMs: number, rest: readonly string[]) =>
  [
    ...['mocha', ...folders, '--reporter', 'scripts/suite-reporter.ts', '--reporter-option', `shown=${shown}`],
    ...['--timeout', String(timeoutMs), '--forbid-only', ...(process.stdout.isTTY ? [] : ['--no-color']), ...rest],
  ] as const;

const runAll = async (parts: readonly Part[], folder: string): Promise<readonly PartResult[]> => {
  const results: PartResult[] = [];
  for (const part of parts) if (!interrupted.signal.aborted) results.push(await runPart(part, folder));
  return results;
};

const interrupted = new AbortController();
const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;
for (const [signal, number] of Object.entries(signalNumbers)) {
  process.on(signal, () => {
    process.exitCode = 128 + number;
    interrupted.abort();
  });
}

const onlyUnit = process.argv.includes('--unit');
const rest = process.argv.slice(2).filter((argument) => argument !== '--unit');
const fast: readonly Part[] = [
  { name: 'lint and format', command: ['biome', 'check', '--diagnostic-level=warn', '.'], timeoutMs: 5 * minuteMs },
  { name: 'types', command: ['tsc', '-p', '.'], timeoutMs: 5 * minuteMs },
  {
    name: 'types in the browser',
    command: ['tsc', '-p', 'tsconfig.browser.json'],
    timeoutMs: 5 * minuteMs,
  },
  {
    name: 'one-way imports',
    command: ['depcruise', '--config', 'scripts/lint/imports.js', '--output-type', 'err-long', 'src'],
    timeoutMs: 5 * minuteMs,
  },
  {
    name: 'unused files, exports and packages',
    command: ['knip', '--config', 'scripts/lint/knip.json', '--no-progress'],
    timeoutMs: 5 * minuteMs,
  },
  // One more than there are processors, because some tests wait.
  ...[
    { name: 'unit tests', folder: 'test/unit' },
    // What holds for any input, or for all that podreach ships.
    { name: 'property tests', folder: 'test/properties' },
    // What runs in a shell, or needs a process.
    { name: 'tests of programs', folder: 'test/programs' },
  ].map(({ name, folder }) => ({
    name,
    command: mocha([folder], 'dot', 20_000, ['--parallel', '--jobs', String(availableParallelism() + 1), ...rest]),
    timeoutMs: 15 * minuteMs,
    hasTests: true,
  })),
];
const liveFaults = 'test/faults/live';
/** What a user who installs podreach gets: packed, installed and run. */
const packaged: Part = {
  name: 'package tests',
  command: mocha(['test/package'], 'dot', 10 * minuteMs, rest),
  timeoutMs: 15 * minuteMs,
  hasTests: true,
};
/** The HTML report as a person has it. */
const chromium: Part = {
  name: 'browser',
  command: ['node', 'scripts/prepare-browser.ts'],
  timeoutMs: 15 * minuteMs,
};
const browser: Part = {
  name: 'browser tests',
  command: mocha(['test/browser'], 'dot', minuteMs, rest),
  timeoutMs: 5 * minuteMs,
  hasTests: true,
};
/**
 * Runs against stubs and a simulated cluster mostly wait, so more of them run at once than there are processors. The
 * longest come first, each in one process.
 */
const longestFaults = ['run', 'api-refusals', 'api-connections', 'host/build-interrupted', 'command-line'];
const faults: Part = {
  name: 'fault and hostile input tests',
  command: mocha(
    ['test/hostile', ...(await testFiles('test/faults', { first: longestFaults, without: ['live'] }))],
    'dot',
    10 * minuteMs,
    ['--parallel', '--jobs', String(3 * availableParallelism()), ...rest],
  ),
  timeoutMs: 15 * minuteMs,
  hasTests: true,
};
const host: Part = { name: 'host', command: ['node', 'scripts/prepare-host.ts'], timeoutMs: 30 * minuteMs };
const alone = 'test/e2e/alone';
/**
 * They share a cluster without disturbing one another. Two files run at once, because each mostly waits. The first of
 * all needs no shared cluster, which another brings up.
 */
const longestLive = ['ip-families', 'scenarios', 'registry', 'paths', 'suites', 'steps'];
const live: Part = {
  name: 'e2e tests',
  command: mocha(await testFiles('test/e2e', { first: longestLive, without: ['alone'] }), 'spec', 30 * minuteMs, [
    '--parallel',
    '--jobs',
    '2',
    ...rest,
  ]),
  timeoutMs: 120 * minuteMs,
  hasTests: true,
};
/** They break the shared cluster for a while, or count what is on the machine. */
const liveAlone: Part = {
  name: 'exclusive e2e tests',
  command: mocha([alone, liveFaults], 'spec', 30 * minuteMs, rest),
  timeoutMs: 120 * minuteMs,
  hasTests: true,
};
const clusterDown: Part = {
  name: 'the shared cluster',
  command: ['node', 'src/cli.ts', 'cluster', 'down'],
  timeoutMs: 10 * minuteMs,
};

const folder = await mkdtemp(join(tmpdir(), 'podreach-suite-'));
const results = [...(await runAll(fast, folder))];
if (!onlyUnit) {
  results.push(...(await runAll([packaged, chromium, browser, faults, host], folder)));
  const ready = results.at(-1)?.exitCode === 0;
  if (!ready) say(`\n== ${live.name}: not run, because this machine is not ready`);
  // The shared cluster goes with the tests, unless it was there before.
  const wasThere = (await entries()).some(({ kept, complete }) => kept && complete);
  results.push(...(ready ? await runAll([live, liveAlone, ...(wasThere ? [] : [clusterDown])], folder) : []));
}
await rm(folder, { recursive: true, force: true });

// Arguments for mocha, such as --grep, may leave a part without a test.
const total = totalOf(rest.length > 0 ? results.map((result) => ({ ...result, hasTests: false })) : results);
say('');
if (total.skipped > 0) say(`skipped: ${total.skipped}`);
if (total.failures.length > 0) say(`failed: ${total.failures.join('; ')}`);
say(closingLine(total));
if (total.failed > 0) process.exitCode ??= 1;
