import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Mocha's counts of one run. Failures include those of hooks. */
export interface Counts {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
}

/**
 * One of mocha's own reporters (option `shown`), which also writes the Counts as JSON to the file of the option `counts`,
 * so that nobody has to read them out of text made for people. A run that broke leaves no file.
 */
export default function SuiteReporter(runner: Mocha.Runner, options: Mocha.MochaOptions) {
  const { shown, counts } = options.reporterOptions as { shown: 'dot' | 'spec'; counts: string };
  const Shown = { dot: Mocha.reporters.Dot, spec: Mocha.reporters.Spec }[shown];
  new Shown(runner, options);
  runner.once('end', () => {
    const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
    writeFileSync(counts, JSON.stringify({ passes, failures, pending } satisfies Counts));
  });
}
