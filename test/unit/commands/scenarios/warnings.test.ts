import { join } from 'node:path';
import { expect } from 'chai';
import { explain } from '../../../../src/commands/explain/explain.ts';
import { model } from '../../../../src/commands/model/model.ts';
import { type Files, policy, withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const scenario = 'namespaces: {default: {pods: {web: {ports: [80]}, client: {}}}}\n';
const object = (apiVersion: string, kind: string, name: string): string =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: default}\n`;
const foreign = object('cilium.io/v2', 'CiliumNetworkPolicy', 'c');
const rendered = `${policy('p')}${object('v1', 'Service', 'web')}${foreign}`;

const files: Files = { 'a/scenario.yaml': scenario, 'a/policies/p.yaml': rendered };
const told = (notes: readonly string[]): readonly string[] =>
  notes.map((note) => note.replace(/\S*(?=a\/policies)/, ''));
const expected = [
  'warning: a/policies/p.yaml:10:1: not judged: CiliumNetworkPolicy default/c (Cilium, cilium.io/v2); podreach neither applies nor predicts it, but it changes who may reach whom',
  'note: a/policies/p.yaml: not read: 1 Service',
];

describe('the notes on what is not sent', () => {
  it('are reported before a prediction, and stand in its JSON', () =>
    withFiles(files, async (folder) => {
      const terminal = fakeTerminal();
      expect(await model([join(folder, 'a')], { reporter: ['json'] }, terminal)).to.equal(0);
      expect(told(terminal.notes)).to.deep.equal(expected);
      const [{ notes }] = JSON.parse(terminal.printed()).scenarios;
      expect(notes.map(({ kind }: { readonly kind: string }) => kind)).to.deep.equal(['not-judged', 'not-read']);
    }));

  it('are reported before an explanation', () =>
    withFiles(files, async (folder) => {
      const terminal = fakeTerminal();
      const question = { path: join(folder, 'a'), from: 'default/client', to: 'default/web', port: '80' };
      await explain(question, { reporter: 'terminal' }, terminal);
      expect(told(terminal.notes)).to.deep.equal(expected);
    }));

  it('are reported once if scenarios share a file, and no more than a hundred of them', () => {
    const shared = { 'b/scenario.yaml': `${scenario}policies: [../a/policies/p.yaml]\n` };
    return withFiles({ ...files, ...shared, 'a/policies/many.yaml': foreign.repeat(120) }, async (folder) => {
      const terminal = fakeTerminal();
      await model([folder], { reporter: ['terminal'] }, terminal);
      expect(terminal.notes).to.have.length(101);
      expect(terminal.notes.at(-1)).to.equal('note: 22 more such lines; --reporter json has them all');
    });
  });
});
