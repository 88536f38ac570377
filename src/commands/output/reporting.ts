import { asPodreachError, PodreachError } from '../../errors.ts';
import { failuresIn, throwAll } from '../../failures.ts';
import type { RunEvents, RunResult, RunStart } from '../../matrix/index.ts';
import type { Reporter } from '../../report/index.ts';
import { isModule } from '../flags/index.ts';
import type { Terminal } from '../terminal/index.ts';
import type { Report } from './choose-reports.ts';
import { isForPeople } from './for-people.ts';
import { messageOf } from './load-reporter.ts';
import { reportFile } from './report-file.ts';

type Printing = Pick<Terminal, 'print' | 'colour' | 'width' | 'unfinished'>;

/**
 * Passes each event to every report as it happens, then the result, which it returns. A report that fails does not stop
 * the others; in the end a PodreachError names everything that failed, and what broke the run itself. If the work
 * throws, there is nothing to report, and no file is touched.
 */
export const reporting = async (
  reports: readonly Report[],
  start: RunStart,
  terminal: Printing,
  work: (events: RunEvents) => Promise<RunResult>,
): Promise<RunResult> => {
  const open = openAll(reports, terminal);
  const tell = (event: Handling): void => {
    for (const { send } of open) send(event);
  };
  tell((reporter) => reporter.onBegin?.(start));
  const result = await work({
    onStepEnd: (step, scenario) => tell((reporter) => reporter.onStepEnd?.(step, scenario)),
    onScenarioEnd: (scenario) => tell((reporter) => reporter.onScenarioEnd?.(scenario)),
  }).catch(async (error: unknown) => {
    tell((reporter) => reporter.onBroken?.());
    await Promise.all(open.map(({ discard }) => discard()));
    throw error;
  });
  tell((reporter) => reporter.onEnd?.(result));
  const failures = await Promise.all(open.map(({ finish }) => finish()));
  throwFailures(
    result,
    failures.filter((failure) => failure !== undefined),
  );
  return result;
};

/** Passes a result that comes at once to every report; a PodreachError names every report that failed. */
export const reportOnce = async (reports: readonly Report[], terminal: Printing, event: Handling): Promise<void> => {
  const open = openAll(reports, terminal);
  for (const { send } of open) send((reporter) => reporter.onBegin?.({ scenarios: [], compared: true }));
  for (const { send } of open) send(event);
  const failures = await Promise.all(open.map(({ finish }) => finish()));
  throwFailures(
    {},
    failures.filter((failure) => failure !== undefined),
  );
};

const throwFailures = (result: Pick<RunResult, 'problem' | 'hint'>, failures: readonly PodreachError[]): void => {
  if (failures.length === 0) return;
  throwAll([...failuresIn(result), ...failures]);
};

type Handling = (reporter: Reporter) => ReturnType<NonNullable<Reporter['onEnd']>>;

/** A report in progress. It takes one event after the other, at its own pace. */
interface OpenReport {
  send(event: Handling): void;
  /** Resolves when all of it is written, with what went wrong. It must be the last call. */
  finish(): Promise<PodreachError | undefined>;
  discard(): Promise<void>;
}

/** Whose turn it is: what comes next waits for it. */
interface Turns {
  last: Promise<void>;
}

/** Reports that share standard output take turns, so that each event is written by all before the next one. */
const openAll = (reports: readonly Report[], terminal: Printing): readonly OpenReport[] => {
  const shared: Turns = { last: Promise.resolve() };
  return reports.map((report) =>
    openReport(report, terminal, isForPeople(report) ? shared : { last: Promise.resolve() }),
  );
};

const openReport = (
  { name, create, file, full, append, sections }: Report,
  { print, colour, width, unfinished }: Printing,
  turns: Turns,
): OpenReport => {
  const target = file === undefined ? { ...NO_FILE, write: print } : reportFile(file, unfinished, append);
  const onTerminal = file === undefined ? { colour, ...(width && { width }) } : { colour: false };
  const options = { ...onTerminal, ...(full && { full }), ...(sections && { sections }) };
  let reporter: Reporter | undefined;
  let failure: PodreachError | undefined;
  const fail = async (error: unknown): Promise<void> => {
    failure = problemOf(name, error);
    await target.discard().catch(() => {});
  };
  const after = (act: () => Promise<void>): Promise<void> => {
    turns.last = turns.last.then(async () => {
      if (!failure) await act().catch(fail);
    });
    return turns.last;
  };
  return {
    send: (event) =>
      void after(async () => {
        reporter ??= create(options);
        const text = await event(reporter);
        if (text !== undefined) await target.write(text);
      }),
    finish: () => after(target.finish).then(() => failure),
    discard: () => after(target.discard),
  };
};

const NO_FILE = { finish: async () => {}, discard: async () => {} };

/** A failure of a user's own module is not a bug in podreach. */
const problemOf = (name: string, error: unknown): PodreachError =>
  isModule(name) && !(error instanceof PodreachError)
    ? new PodreachError(`the reporter ${name} failed: ${messageOf(error)}`, { cause: error })
    : asPodreachError(error);
