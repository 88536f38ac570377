import { execa } from 'execa';

/** The parts of a step, of a workflow or of a composite action, that these tests need. */
export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a step of `run:` left. */
export interface Ran {
  readonly exitCode: number | undefined;
  readonly all: string;
}

/** `${{ matrix.calico }}` by the contexts; nothing else is evaluated. */
const evaluated = (text: string, contexts: Readonly<Record<string, Readonly<Record<string, string>>>>): string =>
  text.replace(/\$\{\{ *(\w+)\.([\w-]+) *\}\}/g, (all, context: string, key: string) => {
    const value = contexts[context]?.[key];
    if (value === undefined) throw new Error(`${all} is not known`);
    return value;
  });

/** Runs the `run:` lines one after the other as a runner does with `shell: bash`, whatever becomes of those before. */
export const runSteps = async (
  steps: readonly Step[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  contexts: Parameters<typeof evaluated>[1] = {},
): Promise<readonly Ran[]> => {
  const results: Ran[] = [];
  for (const step of steps) {
    if (step.run === undefined) continue;
    const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, evaluated(text, contexts)]);
    const { exitCode, all } = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      ...{ cwd, reject: false, all: true, stdin: 'ignore' },
      env: { ...env, ...Object.fromEntries(own) },
    });
    results.push({ exitCode, all });
  }
  return results;
};
