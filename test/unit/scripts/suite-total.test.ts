import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { closingLine, type PartResult, totalOf } from '../../../scripts/suite-total.ts';
import { inFolder, root } from './temporary-folder.ts';

const lint: PartResult = { name: 'lint', exitCode: 0, counts: null, hasTests: false };
const unit: PartResult = {
  name: 'unit tests',
  exitCode: 0,
  counts: { passes: 40, failures: 0, pending: 0 },
  hasTests: true,
};
const e2e: PartResult = {
  name: 'e2e tests',
  exitCode: 0,
  counts: { passes: 5, failures: 0, pending: 1 },
  hasTests: true,
};

describe('the total of the suite', () => {
  it('sums the tests of all parts', () => {
    const total = totalOf([lint, unit, e2e]);
    expect(total).to.deep.equal({ passed: 45, failed: 0, skipped: 1, failures: [] });
    expect(closingLine(total)).to.equal('45 passed, 0 failed');
  });

  it('counts failed tests, and a check that failed as one', () => {
    const failing = { ...e2e, exitCode: 2, counts: { passes: 3, failures: 2, pending: 0 } };
    const total = totalOf([{ ...lint, exitCode: 1 }, unit, failing]);
    expect(total).to.deep.equal({ passed: 43, failed: 3, skipped: 0, failures: ['lint', '2 of e2e tests'] });
  });

  it('counts a part that broke, whatever it counted before', () => {
    expect(totalOf([unit, { ...e2e, exitCode: 1, counts: null }]).failures).to.deep.equal(['e2e tests']);
    expect(totalOf([unit, { ...e2e, exitCode: 1 }])).to.deep.include({ passed: 45, failed: 1 });
  });

  it('takes no tests for a failure', () => {
    const none = { passes: 0, failures: 0, pending: 3 };
    expect(totalOf([unit, { ...e2e, counts: none }]).failures).to.deep.equal(['e2e tests (none ran)']);
    expect(totalOf([unit, { ...e2e, counts: none, hasTests: false }]).failed).to.equal(0);
    expect(totalOf([])).to.deep.equal({ passed: 0, failed: 1, skipped: 0, failures: ['no test ran'] });
  });
});

describe('the reporter of the suite', () => {
  it('writes what mocha counted, hooks included, beside what it shows', async () => {
    const test = `describe('it', () => {
      it('passes', () => {}); it('passes too', () => {}); it('waits');
      it('fails', () => { throw new Error('no'); });
      describe('hook', () => { before(() => { throw new Error('no'); }); it('never runs', () => {}); });
    });`;
    await inFolder({ 'a.test.mjs': test }, async (folder) => {
      const counts = join(folder, 'counts.json');
      const options = ['--reporter-option', 'shown=spec', '--reporter-option', `counts=${counts}`];
      const reporter = join(root, 'scripts/suite-reporter.ts');
      const { exitCode, stdout } = await execa(
        'mocha',
        [join(folder, 'a.test.mjs'), '--reporter', reporter, ...options],
        {
          cwd: folder,
          reject: false,
          stdin: 'ignore',
        },
      );
      expect(exitCode).to.equal(2);
      expect(stdout).to.contain('passes too');
      expect(JSON.parse(await readFile(counts, 'utf8'))).to.deep.equal({ passes: 2, failures: 2, pending: 1 });
    });
  });
});
