import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { untilAborted, within } from './deadline.ts';
import {
  type ExecOptions,
  type ExecResult,
  type ExecStreams,
  type ExecTarget,
  type RunningExec,
  whereOf,
} from './exec.ts';

/** Shells that stay in containers, because starting a process there costs more than what podreach wants of it. */
export interface StandingShells {
  /**
   * Runs a script (`sh -c SCRIPT NAME ARGUMENT…`), in a shell that already stands if one is free, and else in a new one. Its
   * outcome is that of an exec: a script whose end is not known has failed. Throws as an exec does.
   */
  run(target: ExecTarget, script: Script, options: ShellOptions): Promise<ExecResult>;
  close(): void;
}

export type ShellOptions = Pick<ExecOptions, 'deadlineMs' | 'signal' | 'onStdout'>;

export interface Script {
  readonly text: string;
  readonly name: string;
  readonly args: readonly string[];
}

type Start = (
  target: ExecTarget,
  argv: readonly string[],
  options: ExecStreams & Pick<ExecOptions, 'signal'>,
) => Promise<RunningExec>;

/** The script of a command that a standing shell can run: its arguments travel as lines. Undefined for any other. */
export const scriptOf = ([shell, flag, text, name, ...args]: readonly string[]): Script | undefined =>
  shell === 'sh' && flag === '-c' && text !== undefined && name !== undefined && !args.some((one) => one.includes('\n'))
    ? { text, name, args }
    : undefined;

/**
 * Runs the script that it is given with the arguments that it is given, and then with others as often as its input asks:
 * a line `<id> <number of arguments>`, then a line for each. After each turn it prints a line
 * `<id> <exit code>`. It ends with its input, so it does not outlive its connection for long.
 */
const STANDING = `
script=$1 id=$2; shift 2
while :; do
  (eval "$script") </dev/null
  printf '\\n%s %s\\n' "$id" "$?"
  IFS=' ' read -r id count || exit 0
  set --
  while [ "$count" -gt 0 ]; do
    IFS= read -r argument || exit 0
    set -- "$@" "$argument"
    count=$((count - 1))
  done
done
`;

/** What lies between podreach and the container may forget a connection that is silent for longer. */
const MOST_IDLE_MS = 30_000;
/** A connection keeps what it has carried. */
const MOST_CHARACTERS = 256 * 1024;

export const createStandingShells = (start: Start): StandingShells => {
  const free = new Map<string, Shell>();
  const standing = new Set<Shell>();
  const end = (shell: Shell): void => {
    standing.delete(shell);
    shell.end();
  };
  return {
    run: async (target, script, options) => {
      const key = [target.namespace, target.pod, target.container, script.text].join('\n');
      const old = free.get(key);
      free.delete(key);
      if (old && !old.isFit()) end(old);
      const shell = old?.isFit() ? old : createShell(start, target, script);
      standing.add(shell);
      try {
        return await shell.run(script.args, options);
      } finally {
        if (shell.isFit() && !free.has(key)) free.set(key, shell);
        else end(shell);
      }
    },
    close: () => {
      for (const shell of standing) end(shell);
    },
  };
};

interface Shell {
  /** One turn at a time. After a failure it is not fit for another one. */
  run(args: readonly string[], options: ShellOptions): Promise<ExecResult>;
  isFit(): boolean;
  end(): void;
}

/** What is heard of one turn. */
interface Turn {
  readonly id: string;
  readonly onStdout: ExecStreams['onStdout'];
  readonly answer: PromiseWithResolvers<ExecResult>;
  stdout: string;
  stderr: string;
}

const createShell = (start: Start, target: ExecTarget, { text, name }: Script): Shell => {
  const stdin = new PassThrough();
  let exec: RunningExec | undefined;
  let turn: Turn | undefined;
  let isOver = false;
  let carried = 0;
  let lastMs = 0;

  const onStdout = (chunk: string): void => {
    carried += chunk.length;
    if (!turn) return;
    turn.stdout += chunk;
    turn.onStdout?.(chunk);
    const end = endOf(turn);
    if (end) turn.answer.resolve({ ...end, stderr: turn.stderr });
  };
  const onStderr = (chunk: string): void => {
    carried += chunk.length;
    if (turn) turn.stderr += chunk;
  };
  const open = async (argv: readonly string[], signal: AbortSignal | undefined): Promise<RunningExec> => {
    const opened = await start(target, argv, { onStdout, onStderr, stdin, signal });
    opened.result.then(
      ({ exitCode }) => {
        isOver = true;
        turn?.answer.resolve({ stdout: turn.stdout, stderr: turn.stderr, exitCode });
      },
      (error: unknown) => {
        isOver = true;
        turn?.answer.reject(error);
      },
    );
    return opened;
  };
  const end = (): void => {
    isOver = true;
    exec?.terminate();
  };

  return {
    run: async (args, { deadlineMs, signal, onStdout: onText }) => {
      const id = randomBytes(6).toString('hex');
      const answer = Promise.withResolvers<ExecResult>();
      turn = { id, onStdout: onText, answer, stdout: '', stderr: '' };
      try {
        if (exec) stdin.write([`${id} ${args.length}`, ...args, ''].join('\n'));
        else exec = await open(['sh', '-c', STANDING, name, text, id, ...args], signal);
        const { late } = exec;
        const interrupted = `${whereOf(target)} was interrupted`;
        return await within(untilAborted(answer.promise, signal, interrupted), deadlineMs, () => late(deadlineMs));
      } catch (error) {
        end();
        throw error;
      } finally {
        turn = undefined;
        lastMs = performance.now();
      }
    },
    isFit: () => !isOver && performance.now() - lastMs < MOST_IDLE_MS && carried < MOST_CHARACTERS,
    end,
  };
};

/** What a turn printed before the line that ends it, and its exit code; undefined if there is no such line yet. */
const endOf = ({ id, stdout }: Turn): Omit<ExecResult, 'stderr'> | undefined => {
  const at = stdout.indexOf(`\n${id} `);
  const exitCode = at < 0 ? undefined : /^\n[0-9a-f]+ (\d+)\n/.exec(stdout.slice(at))?.[1];
  return exitCode === undefined ? undefined : { stdout: stdout.slice(0, at), exitCode: Number(exitCode) };
};
