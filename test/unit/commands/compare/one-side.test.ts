import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { compare } from '../../../../src/commands/compare/compare.ts';
import { failureOf } from '../../failure-of.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';
import { deny, pods, podsLike, toWeb } from './fixture.ts';

const manifests = { 'full/pods.yaml': pods, 'full/policies.yaml': deny + toWeb(podsLike('client')) };
const scenario = 'name: one\nnamespaces: {a: {pods: {x: {ports: [80]}, y: {}}}}\npolicies: []\n';

const answer = (files: Record<string, string>, operands: readonly string[], shared?: string) =>
  withFiles(files, async (folder) => {
    await mkdir(join(folder, 'empty'), { recursive: true });
    const terminal = fakeTerminal();
    const flags = { reporter: ['terminal'], ...(shared !== undefined && { with: [join(folder, shared)] }) };
    const code = await compare(
      operands.map((one) => join(folder, one)),
      flags,
      terminal,
    );
    const here = (text: string) => text.replaceAll(`${folder}/`, '');
    return { code, text: here(terminal.printed()), notes: terminal.notes.map(here) };
  });

describe('compare, with one side that has nothing', () => {
  it('takes all pods and policies for new, and says so', async () => {
    const { code, text, notes } = await answer(manifests, ['empty', 'full']);
    expect(code).to.equal(0);
    expect(text).to.include('  4 new, 0 unchanged\n');
    expect(text).to.include(
      `  new: 4 cells
    blocked
      prod/web, prod/client -> prod/api 80/TCP (2 cells)
      prod/api -> prod/web 80/TCP (1 cell)
    allowed
      prod/client -> prod/web 80/TCP
`.replace(' (1 cell)', ''),
    );
    expect(text).to.match(/new policy prod\/deny .*\n.*new policy prod\/web /);
    expect(notes).to.deep.equal(['empty has no scenario and no Kubernetes manifest, so all of full is new']);
  });

  it('takes them for gone the other way round', async () => {
    const { text, notes } = await answer(manifests, ['full', 'empty']);
    expect(text).to.include('  4 gone, 0 unchanged\n').and.to.include('removed policy prod/deny');
    expect(notes).to.deep.equal(['empty has no scenario and no Kubernetes manifest, so all of full is gone']);
  });

  it('compares with no policies where both sides share the workloads', async () => {
    const { text } = await answer(
      { 'pods.yaml': pods, 'full/policies.yaml': deny + toWeb(podsLike('client')) },
      ['empty', 'full'],
      'pods.yaml',
    );
    expect(text).to.include('  3 closed, 1 unchanged\n');
  });

  it('only names scenarios, whose pods are made for the test', async () => {
    const { text } = await answer({ 'full/one/scenario.yaml': scenario }, ['empty', 'full']);
    expect(text).to.include('1 scenario only after the change: one\n').and.not.to.include('new:');
  });

  it('compares manifests with manifests, whatever scenarios are beside them', async () => {
    const { text } = await answer(
      { ...manifests, 'tests/one/scenario.yaml': scenario },
      ['empty', 'full'],
      'tests/one',
    );
    expect(text)
      .to.match(/same {2}one\n/)
      .and.to.match(/changed|same {2}full/)
      .and.to.include('4 new');
  });

  describe('but policies, and no pod', () => {
    const files = { ...manifests, 'bare/policies.yaml': deny };

    it('takes all cells for new, compares the policies, and says so', async () => {
      const { code, text, notes } = await answer(files, ['bare', 'full']);
      expect(code).to.equal(0);
      expect(text)
        .to.include('  4 new, 0 unchanged\n')
        .and.to.match(/ {2}new: 4 cells\n {4}blocked\n/);
      expect(text).to.include('new policy prod/web ').and.not.to.include('prod/deny');
      expect(notes).to.deep.equal([
        'bare has 1 policy and no pods, so all cells of full are new; --with FILE adds workloads to both sides',
      ]);
    });

    it('takes them for gone the other way round', async () => {
      const { text, notes } = await answer(files, ['full', 'bare']);
      expect(text).to.include('  4 gone, 0 unchanged\n').and.to.include('removed policy prod/web');
      expect(notes).to.deep.equal([
        'bare has 1 policy and no pods, so all cells of full are gone; --with FILE adds workloads to both sides',
      ]);
    });

    it('says of other objects that they are neither', async () => {
      const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n';
      const { text, notes } = await answer({ ...files, 'other/settings.yaml': other }, ['other', 'full']);
      expect(text).to.include('  4 new, 0 unchanged\n');
      expect(notes.filter((note) => note.startsWith('other '))).to.deep.equal([
        'other has no policies and no pods, so all cells of full are new; --with FILE adds workloads to both sides',
      ]);
    });

    it('compares the policies where both sides share the workloads', async () => {
      const { text, notes } = await answer(
        { ...files, 'pods.yaml': pods },
        ['bare', 'full/policies.yaml'],
        'pods.yaml',
      );
      expect(text).to.include('  1 opened, 3 unchanged\n');
      expect(notes).to.deep.equal([]);
    });

    it('refuses two such sides, which have no cell', async () => {
      for (const other of ['full/policies.yaml', 'empty']) {
        const failure = await failureOf(answer(files, ['bare', other]));
        expect(failure.message).to.match(/^no pods: neither .*bare nor .* has a Pod, Deployment or other workload$/);
        expect(failure).to.have.property('hint').that.contains('--with');
      }
    });
  });

  it('refuses two empty sides, and a path that is not there', async () => {
    const both = await failureOf(answer({ 'other/README.md': 'x' }, ['empty', 'other']));
    expect(both.message).to.match(/^neither .*empty nor .*other has a scenario or a Kubernetes manifest here$/);
    const missing = await failureOf(answer(manifests, ['fll', 'full']));
    expect(missing.message).to.match(/fll: no such file or folder$/);
  });
});
