import { expect } from 'chai';
import { model } from '../../../../src/commands/model/model.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const policy = (spec: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: prod}
spec: ${spec}
`;

const answerTo = (scenario: string, spec: string, reporter: readonly ('terminal' | 'json')[] = ['json']) =>
  withFiles({ 'scenario.yaml': scenario, 'policies/p.yaml': policy(spec) }, async (folder) => {
    const terminal = fakeTerminal();
    const code = await model([folder], { reporter: [...reporter] }, terminal);
    return { code, out: terminal.printed() };
  });

interface Predicted {
  readonly from: string;
  readonly to: string;
  readonly family?: string;
  readonly expected: string | null;
  readonly model: string;
}

const cellsIn = (out: string) => {
  const [{ status, steps }] = JSON.parse(out).scenarios;
  const cells = (steps[0].cells as readonly Predicted[])
    .filter(({ from, to }) => from !== to)
    .map(({ from, to, family, expected, model: said }) => `${from} ${to} ${family ?? '-'} ${expected} ${said}`);
  return { status, hint: steps[0].hint, cells };
};

describe('podreach model, of families', () => {
  const pods = (address: string, expectation: string) => `namespaces:
  prod: {pods: {web: {labels: {app: web}, ports: [80]}, client: {address: ${address}}}}
expect: ${expectation}
`;
  const BLOCK = '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: "fd00::/64"}}]}]}';

  it('predicts over those that addresses speak of, each by itself', async () => {
    const both = pods('[10.0.0.1, "fd00::1"]', '{default: deny, rules: [{allow: {family: IPv6}}]}');
    const { code, out } = await answerTo(both, BLOCK);
    expect(code).to.equal(0);
    expect(cellsIn(out)).to.deep.include({
      status: 'pass',
      cells: ['prod/client prod/web IPv4 deny deny', 'prod/client prod/web IPv6 allow allow'],
    });
  });

  it('predicts over the one that is spoken of, and names none', async () => {
    const { out } = await answerTo(pods('"fd00::1"', '{default: allow}'), BLOCK);
    expect(cellsIn(out)).to.deep.include({ status: 'pass', cells: ['prod/client prod/web - allow allow'] });
  });

  it('predicts over both if an expectation names them', async () => {
    const { out } = await answerTo(
      pods('10.0.0.1', '{default: deny, rules: [{deny: {family: IPv6}}]}'),
      '{podSelector: {}, ingress: []}',
    );
    expect(cellsIn(out).cells).to.deep.equal([
      'prod/client prod/web IPv4 deny deny',
      'prod/client prod/web IPv6 deny deny',
    ]);
  });
});

describe('podreach model, of what the specification leaves undefined', () => {
  const scenario = `namespaces:
  prod: {pods: {web: {labels: {app: web}, ports: [80]}, agent: {hostNetwork: true}, client: {}}}
expect: {default: deny}
`;
  const CLOSED = '{podSelector: {matchLabels: {app: web}}, ingress: []}';

  it('passes by what is not, and asks for no address', async () => {
    const { code, out } = await answerTo(scenario, CLOSED);
    expect(code).to.equal(0);
    const { status, hint, cells } = cellsIn(out);
    expect([status, hint]).to.deep.equal(['pass', undefined]);
    expect(cells).to.deep.equal(['prod/agent prod/web - null unknown', 'prod/client prod/web - deny deny']);
  });

  it('marks it as such', async () => {
    const { out } = await answerTo(scenario, CLOSED, ['terminal']);
    expect(out).to.contain('(u)').and.to.contain('1 undefined by the specification');
  });
});
