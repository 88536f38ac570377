#!/usr/bin/env node
import { createWriteStream, fstatSync, rmSync } from 'node:fs';
import process from 'node:process';
import { addAbortSignal } from 'node:stream';
import { keepCompiled } from './compile-cache.ts';

// What is imported below is compiled once per version.
keepCompiled();
const { readGlobalFlags } = await import('./commands/flags/index.ts');
const { runCli } = await import('./commands/program.ts');
const { createPrinter, errorLines, wantsColour, wantsLive } = await import('./commands/terminal/index.ts');
const { liveProgress } = await import('./live-progress.ts');
const { progressLines, quieted } = await import('./progress.ts');
const { masked } = await import('./secrets.ts');
const { createStatusLine } = await import('./status-line.ts');
const { excerpt, printable } = await import('./text.ts');
const { wrapped } = await import('./wrap.ts');

/** The conventional exit codes of a process that a signal ended: 128 + its number. */
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** The longest line of a message on standard error. */
const LINE_CHARACTERS = 10_000;
/** How long the cleanup after a bug may take. */
const CLEAN_UP_MS = 60_000;

const argv = process.argv.slice(2);
const flags = readGlobalFlags(argv);
if (flags.debug) Error.stackTraceLimit = 50;

/** The last line of a terminal. What it says is printable. */
const status = createStatusLine({
  write: (text) => process.stderr.write(masked(text)),
  columns: () => process.stderr.columns || 80,
});
/** The only other way to standard error. It lets through no secret and nothing that controls a terminal. */
const complain = (text: string): void => {
  const show = status.hide();
  const lines = masked(text).split('\n');
  const width = process.stderr.columns || undefined;
  process.stderr.write(lines.flatMap((line) => wrapped(excerpt(line, LINE_CHARACTERS), width)).join('\n'));
  show();
};
const tell = (thrown: unknown): void => complain(`${errorLines(thrown, flags.debug).join('\n')}\n`);

const interruption = new AbortController();
let interruptedWith: number | undefined;
for (const [signal, code] of Object.entries(signals)) {
  process.on(signal, () => {
    if (interruptedWith !== undefined) process.exit(code);
    interruptedWith = code;
    complain(`\n${signal}: cleaning up; a second signal ends podreach at once and leaves the rest to the next run\n`);
    interruption.abort();
  });
}

// An error that nobody awaits is a bug. Node.js would print all that it holds, including a connection's keys.
let defective = false;
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (thrown: unknown) => {
    tell(thrown);
    defective = true;
    interruption.abort();
    setTimeout(() => process.exit(2), CLEAN_UP_MS).unref();
  });
// Node.js exits with 13 when a promise that podreach awaits can no longer settle.
process.on('exit', (code) => {
  if (code !== 13) return;
  complain('podreach: a bug in podreach, please report it: it waits for something that can no longer happen\n');
  process.exitCode = 2;
});
process.stderr.on('error', () => {});

// Whatever ends the process, including a second signal.
const unfinished = new Set<string>();
process.on('exit', () => {
  for (const file of unfinished) rmSync(file, { force: true, recursive: true });
});

/** If standard output is a file, Node.js mistakes a write that a full disk cut short for a complete one. */
const openStdout = () => {
  const target = fstatSync(1);
  const isFile = target.isFile() || (target.isCharacterDevice() && !process.stdout.isTTY);
  return isFile ? createWriteStream('', { fd: 1, autoClose: false }) : process.stdout;
};
// A reader that closes the pipe (`podreach run | head`) wants no more output; the run goes on for its other reports.
const printer = createPrinter(openStdout());
const print: typeof printer.print = (text) => printer.print(text).finally(status.hide());

/** Asks on standard error, because standard output may hold a report. No raw mode, so that Ctrl-C stays a signal. */
const confirm = async (question: string): Promise<boolean> => {
  const { createInterface } = await import('node:readline/promises');
  const show = status.hide();
  const prompt = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
  const asked = prompt
    .question(`${printable(masked(question))} [y/N] `, { signal: interruption.signal })
    .catch(() => '');
  const answer = await Promise.race([asked, closed]);
  prompt.close();
  show();
  return /^y(es)?$/i.test(answer.trim());
};

const lines = progressLines((line) => complain(`${printable(line)}\n`));
const { env } = process;
const quiet = flags.quiet === true;
const colour = flags.color !== false;
const isLive = wantsLive({ colour, quiet, env, isTty: process.stderr.isTTY === true });
const live = isLive ? liveProgress({ lines, status }) : undefined;
process.on('exit', () => live?.end());

try {
  process.exitCode = await runCli(argv, {
    print,
    openStdin: () => addAbortSignal(interruption.signal, process.stdin),
    complain,
    progress: quiet ? quieted(lines) : (live ?? lines),
    colour: wantsColour({ flag: colour, env, isTty: process.stdout.isTTY === true }),
    ...(process.stdout.columns && { width: process.stdout.columns }),
    signal: interruption.signal,
    unfinished,
    ...(process.stdin.isTTY && process.stderr.isTTY && { confirm }),
  });
} catch (error) {
  process.exitCode = 2;
  tell(error);
}
live?.end();
const problem = await printer.problem();
if (problem) tell(problem);
if (problem || defective) process.exitCode = 2;
if (interruptedWith !== undefined) process.exitCode = interruptedWith;
