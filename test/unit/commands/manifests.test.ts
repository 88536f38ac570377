import { join } from 'node:path';
import { expect } from 'chai';
import { explain } from '../../../src/commands/explain/explain.ts';
import { model } from '../../../src/commands/model/model.ts';
import { type Files, withFiles } from '../scenario/temporary-folder.ts';
import { fakeTerminal } from './fake-terminal.ts';

const deployment = (name: string, port: number) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: bakery}
spec:
  selector: {matchLabels: {name: ${name}}}
  template:
    metadata: {labels: {name: ${name}}}
    spec: {containers: [{name: ${name}, image: example/${name}, ports: [{containerPort: ${port}}]}]}
`;
const service = (name: string, port: number) => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: bakery}
spec: {selector: {name: ${name}}, ports: [{port: ${port}}]}
`;
const allow = (selector: string, from: string, port: number) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${selector}-access, namespace: bakery}
spec:
  podSelector: {matchLabels: {name: ${selector}}}
  ingress: [{from: [{podSelector: {matchLabels: {name: ${from}}}}], ports: [{port: ${port}}]}]
`;

/** Like many a bundle: a file for each object, policies in a folder of their own, one of them with a label misspelt. */
const bundle: Files = {
  'k8s/00-ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: bakery}\n',
  'k8s/01-orders-dep.yaml': deployment('orders', 80),
  'k8s/02-orders-svc.yml': service('orders', 80),
  'k8s/03-ovens-dep.yaml': deployment('ovens', 8080),
  'k8s/04-ovens-svc.yaml': service('ovens', 8080),
  'k8s/05-settings.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: bakery}\ndata: {a: b}\n',
  'policies/orders.yaml': allow('order', 'front', 80),
  'policies/ovens.yaml': allow('ovens', 'orders', 8080),
  'policies/deny.yaml':
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: bakery}\nspec: {podSelector: {}, ingress: []}\n',
};

const chunked = async function* (text: string) {
  yield new TextEncoder().encode(text);
};

describe('podreach on manifests without a scenario', () => {
  it('predicts the matrix, and names the label that is misspelt', () =>
    withFiles(bundle, async (folder) => {
      const terminal = fakeTerminal();
      const paths = [join(folder, 'k8s'), join(folder, 'policies')];
      expect(await model(paths, { reporter: ['json'] }, terminal)).to.equal(0);
      const [{ name, status, steps, warnings }] = JSON.parse(terminal.printed()).scenarios;
      expect([name, status]).to.deep.equal(['k8s, policies', 'unjudged']);
      const said = steps[0].cells.map(
        (cell: Record<string, string>) => `${cell.from} ${cell.to} ${cell.port} ${cell.model}`,
      );
      expect(said).to.have.members([
        ...['bakery/orders bakery/orders 80 allow', 'bakery/orders bakery/ovens 8080 allow'],
        ...['bakery/ovens bakery/orders 80 deny', 'bakery/ovens bakery/ovens 8080 allow'],
        ...['bakery/orders svc:bakery/orders 80 unknown', 'bakery/orders svc:bakery/ovens 8080 allow'],
        ...['bakery/ovens svc:bakery/orders 80 deny', 'bakery/ovens svc:bakery/ovens 8080 unknown'],
      ]);
      expect(warnings.map(({ rule, message }: Record<string, string>) => `${rule}: ${message}`)).to.include(
        'selects-no-pod: podSelector name=order selects no pod of namespace bakery; the nearest label is name=orders (bakery/orders)',
      );
      expect(terminal.notes.filter((note) => note.startsWith('note: '))).to.have.length(1);
      expect(terminal.notes.join('\n')).to.match(/05-settings\.yaml: not read: 1 ConfigMap/);
    }));

  it('explains a connection, from standard input too', async () => {
    const text = Object.values(bundle).join('---\n');
    const terminal = { ...fakeTerminal(), openStdin: () => chunked(text) };
    const question = { path: '-', from: 'bakery/ovens', to: 'bakery/orders', port: '80' };
    expect(await explain(question, { reporter: 'terminal' }, terminal)).to.equal(0);
    expect(terminal.printed()).to.match(/^bakery\/ovens -> bakery\/orders 80\/TCP: deny\n/);
    expect(terminal.printed()).to.contain('bakery/deny selects every pod of bakery');
  });

  it('puts objects without a namespace where it is told to', () =>
    withFiles({ 'a.yaml': deployment('web', 80).replace(', namespace: bakery', '') }, async (folder) => {
      const terminal = fakeTerminal();
      await model([join(folder, 'a.yaml')], { reporter: ['json'], namespace: 'prod' }, terminal);
      expect(JSON.parse(terminal.printed()).scenarios[0].steps[0].cells[0].to).to.equal('prod/web');
    }));
});
