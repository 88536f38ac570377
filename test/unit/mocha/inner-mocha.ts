import Mocha from 'mocha';

/** Each test of an inner run in order, as `pass scenario step`, and the messages of the failures. */
export interface InnerRun {
  readonly tests: readonly string[];
  readonly messages: readonly string[];
}

/** Runs the suites that a function defines, as a test file of mocha's would, in this process. */
export const runInner = async (
  define: () => unknown,
  options: Mocha.MochaOptions & { readonly awaited?: boolean } = {},
): Promise<InnerRun> => {
  const { awaited = true, ...mochaOptions } = options;
  const mocha = new Mocha({ ...mochaOptions, reporter: class {} as never, ui: 'bdd' });
  mocha.suite.emit('pre-require', {}, 'inner.js', mocha);
  const defined = define();
  if (awaited) await defined;
  const tests: string[] = [];
  const messages: string[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => {
      runner.dispose();
      resolve();
    });
    for (const outcome of ['pass', 'fail', 'pending', 'retry'])
      runner.on(outcome, (test: Mocha.Test, error?: Error) => {
        tests.push(`${outcome} ${test.fullTitle()}`);
        if (error && outcome === 'fail') messages.push(error.message);
      });
  });
  await defined;
  return { tests, messages };
};
