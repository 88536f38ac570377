#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import process from 'node:process';

// Half of what a short command takes is compiling these; what is imported from here on is compiled once per version.
enableCompileCache();
const { runCli } = await import('./commands/program.ts');
const { PodreachError } = await import('./errors.ts');
const { progressLines } = await import('./progress.ts');
const { printable, printableLines } = await import('./report/index.ts');

/** The conventional exit codes of a process that a signal ended: 128 + its number. */
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const interruption = new AbortController();
let interruptedWith: number | undefined;
for (const [signal, code] of Object.entries(signals)) {
  process.on(signal, () => {
    if (interruptedWith !== undefined) process.exit(code);
    interruptedWith = code;
    process.stderr.write(`\n${signal}: cleaning up; once more ends at once and leaves the rest to the next run\n`);
    interruption.abort();
  });
}
// A reader that closed the pipe (`podreach run | head`) wants no more of it; the run still cleans up.
process.stdout.on('error', () => interruption.abort());
process.stderr.on('error', () => {});

/** Asks on standard error, for standard output may be a report's. Without raw mode, so that Ctrl-C stays a signal. */
const confirm = async (question: string): Promise<boolean> => {
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
  const asked = prompt.question(`${printable(question)} [y/N] `, { signal: interruption.signal }).catch(() => '');
  const answer = await Promise.race([asked, closed]);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
};

const colour = process.env.NO_COLOR ? false : process.env.FORCE_COLOR ? true : process.stdout.isTTY === true;

try {
  process.exitCode = await runCli(process.argv.slice(2), {
    print: (text) => void process.stdout.write(text),
    progress: progressLines((line) => void process.stderr.write(`${printable(line)}\n`)),
    colour,
    ...(process.stdout.columns && { width: process.stdout.columns }),
    signal: interruption.signal,
    ...(process.stdin.isTTY && process.stderr.isTTY && { confirm }),
  });
} catch (error) {
  process.exitCode = 2;
  if (error instanceof PodreachError) {
    const lines = [`podreach: ${error.message}`, ...(error.hint ? [`hint: ${error.hint}`] : [])];
    process.stderr.write(`${lines.flatMap(printableLines).join('\n')}\n`);
  } else {
    // A defect of podreach itself: the stack is for its makers. A client's error is never printed, it may hold keys.
    const stack = error instanceof Error ? error.stack : 'unknown';
    process.stderr.write(`podreach: a defect, please report it\n${stack}\n`);
  }
}
if (interruptedWith !== undefined) process.exitCode = interruptedWith;
