import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { type Installed, inProject, installed } from './installed.ts';

describe('the starter for mocha', function () {
  this.timeout(600_000);
  let project: Installed;
  before(async () => {
    project = await installed();
  });

  const run = (node: string, ...args: readonly string[]) =>
    execa(node, [project.bin('mocha'), '--no-color', ...args], {
      ...inProject,
      cwd: project.folder,
      env: { PREDICTED: '1' },
    });

  it('passes on the model, on the oldest and on this Node.js', async () => {
    for (const node of [project.bin('node'), process.execPath]) {
      const { all, exitCode } = await run(node);
      expect(exitCode, all).to.equal(0);
      expect(all)
        .to.match(/shop\n +✔ start\n +✔ maintenance\n/)
        .and.to.contain('4 passing')
        .and.to.contain('1 pending');
    }
  });

  it('takes what mocha takes: --parallel, --grep, --retries', async () => {
    const { all, exitCode } = await run(process.execPath, '--parallel', '--grep', 'maintenance', '--retries', '2');
    expect(exitCode, all).to.equal(0);
    expect(all).to.contain('✔ maintenance').and.to.contain('1 passing');
  });

  it('fails with the matrix and the reason if the policy is another one, and stops with --bail', async () => {
    const file = join(project.folder, 'scenarios/shop/policies/db.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('podSelector: {}', 'namespaceSelector: {}'));
    try {
      const { all, exitCode } = await run(process.execPath, '--bail');
      expect(exitCode, all).to.equal(1);
      expect(all)
        .to.match(/^other\/client .*\[\.≠X\]$/m)
        .and.to.contain('other/client -> shop/db 5432/TCP: expected deny, predicted allow')
        .and.to.contain('policies/db.yaml')
        .and.not.to.contain('maintenance');
    } finally {
      await writeFile(file, text);
    }
  });
});
