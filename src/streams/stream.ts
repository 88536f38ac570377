import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Question, Source } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import { pauseUnlessOver } from '../pause.ts';
import type { Protocol } from '../scenario/index.ts';
import { excerpt } from '../text.ts';
import { createAnswers } from './answers.ts';
import { streamArgv } from './script.ts';
import { type Ending, TICK_MS, type Tick } from './tick.ts';

/** A connection that stays open and carries a request every tick. */
export interface Stream {
  readonly protocol: Protocol;
  /** Those so far, in their order. */
  ticks(): readonly Tick[];
  /** null while it goes on. */
  ending(): Ending | null;
  stop(): Promise<void>;
}

/** A stream that was not open when it had to be. */
export class NotOpen extends PodreachError {}

/** A stream is open once so many of its requests were answered. */
const PROOF = 3;
const OPEN_MS = 8_000;
const POLL_MS = 20;
/** A stream that nobody ends ends by itself. */
const LIFETIME_SECONDS = 1_800;
const SLACK_MS = 5_000;
const END_MS = 3_000;
const SAID_CHARACTERS = 160;

/**
 * Opens a stream in one exec, and resolves when it carries answers of the right server. Throws a NotOpen if that does not
 * happen in time.
 */
export const openStream = async (
  source: Source,
  { host, port, ask, answers }: Question,
  protocol: Protocol,
  signal?: AbortSignal,
): Promise<Stream> => {
  const stdin = new PassThrough();
  const cut = new AbortController();
  const ticks: { -readonly [Key in keyof Tick]: Tick[Key] }[] = [];
  const read = createAnswers(protocol);
  let isReady = false;
  let ending: Ending | null = null;
  let said = '';
  let heard = '';

  const end = (one: { readonly kind: 'reset' } | { readonly kind: 'broken'; readonly why: string }): void => {
    ending ??= { ...one, atMs: performance.now() };
  };
  const onStdout = (chunk: string): void => {
    const nowMs = performance.now();
    const last = ticks.at(-1);
    if (last) last.bytes += Buffer.byteLength(chunk);
    for (const { tick, text } of read(chunk)) {
      if (text !== undefined && !answers.has(text.trim()))
        end({ kind: 'broken', why: `a wrong endpoint answered "${excerpt(text.trim(), SAID_CHARACTERS)}"` });
      const one = ticks[tick];
      if (one) one.answeredMs ??= nowMs;
    }
  };
  const onLine = (line: string): void => {
    const [, word, number] = /^(passed|ended) (\d+)$/.exec(line) ?? [];
    if (line === 'ready') isReady = true;
    else if (word === 'passed') {
      const one = ticks[Number(number)];
      if (one) one.passedMs ??= performance.now();
    } else if (word === 'ended') end(number === '0' ? { kind: 'reset' } : { kind: 'broken', why: saidBy(number) });
    else said = line;
  };
  const saidBy = (code?: string): string =>
    `nc ended with exit code ${code}${said === '' ? '' : `, ${excerpt(said, SAID_CHARACTERS)}`}`;
  const onStderr = (chunk: string): void => {
    const lines = (heard + chunk).split('\n');
    heard = (lines.pop() ?? '').slice(-SAID_CHARACTERS);
    for (const line of lines) onLine(line);
  };

  const tick = (): void => {
    ticks.push({ number: ticks.length, sentMs: performance.now(), passedMs: null, answeredMs: null, bytes: 0 });
    stdin.write(`${ticks.length - 1}\n`);
  };
  const ended = source
    .exec(streamArgv({ protocol, host, port, ask }, LIFETIME_SECONDS), {
      deadlineMs: LIFETIME_SECONDS * 1000 + SLACK_MS,
      signal: AbortSignal.any([cut.signal, ...(signal ? [signal] : [])]),
      ...{ stdin, onStdout, onStderr },
    })
    .then(() => end({ kind: 'broken', why: `the exec in ${source.endpoint} ended` }))
    .catch((error: unknown) =>
      end({
        kind: 'broken',
        why: error instanceof PodreachError ? error.message : `the exec in ${source.endpoint} failed`,
      }),
    );
  const stopping = new AbortController();
  const stop = async (): Promise<void> => {
    stopping.abort();
    stdin.write('stop\n');
    await Promise.race([ended, sleep(END_MS, undefined, { ref: false })]);
    // A node that is gone ends nothing.
    cut.abort();
    await ended;
  };
  const until = async (isDone: () => boolean, endMs: number, what: string): Promise<void> => {
    for (;;) {
      if (ending) throw new NotOpen(ending.kind === 'broken' ? ending.why : 'the other end closed it at once');
      if (isDone()) return;
      if (performance.now() > endMs) throw new NotOpen(what);
      await sleep(POLL_MS);
    }
  };
  try {
    const endMs = performance.now() + OPEN_MS;
    await until(() => isReady, endMs, `nothing ran in ${source.endpoint} within ${OPEN_MS / 1000} s`);
    for (let asked = 1; asked <= PROOF; asked += 1) {
      tick();
      const isAnswered = () => ticks.at(-1)?.answeredMs !== null;
      await until(isAnswered, endMs, `no answer within ${OPEN_MS / 1000} s`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  void tickOn(() => {
    if (!ending) tick();
  }, stopping.signal);
  return { protocol, ticks: () => ticks, ending: () => ending, stop };
};

const tickOn = async (tick: () => void, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await pauseUnlessOver(TICK_MS, signal);
    if (!signal.aborted) tick();
  }
};
