import { expect } from 'chai';
import { diagnosisJson, diagnosisText } from '../../../src/report/diagnose/index.ts';
import { type Case, closed, diagnosed, pods, policy, service } from '../diagnose/fixture.ts';

const options = { kubectl: ['kubectl', '--context', 'kind-dev'], probe: 'kubectl exec …' };
const allow = policy('prod/allow', {
  podSelector: { matchLabels: { app: 'web' } },
  ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'clinet' } } }] }],
});
const given: Case = { policies: [closed, allow] };
const linesOf = (width: number | undefined, more: Case = given) =>
  diagnosisText(diagnosed(more), options, { colour: false, ...(width && { width }) }).split('\n');

describe('the report of a diagnosis', () => {
  it('shows each step with its evidence, and ends with the finding', () => {
    const lines = linesOf(undefined);
    expect(lines.filter((line) => /^\S/v.test(line))).to.deep.equal([
      'the probe',
      'the destination',
      'the server',
      'DNS',
      'labels',
      'policies',
      'the CNI',
      'a temporary allow-all',
      'what would open it',
      'repeat it',
      'dev/client -> prod/web 8080/TCP is blocked (dropped): wrong label: ingress rule 1 of prod/allow asks for a pod with app=clinet, and dev/client has app=client, not app=clinet.',
    ]);
    expect(lines).to.include('  dev/client -> prod/web 8080/TCP: dropped (as planted)');
    expect(lines).to.include('  not checked, because not asked for');
    expect(lines).to.include('  kubectl --context kind-dev -n prod get pod web --show-labels');
    expect(lines.at(-1)).to.equal('');
  });

  it('wraps what is text, and leaves commands whole', () => {
    const lines = linesOf(40);
    const commands = lines.slice(lines.indexOf('repeat it') + 1, lines.indexOf('', lines.indexOf('repeat it')));
    expect(commands.every((line) => line.startsWith('  kubectl '))).to.equal(true);
    expect(lines.filter((line) => !line.includes('kubectl')).every((line) => line.length <= 40)).to.equal(true);
  });

  it('says what was not checked, and prints nothing that could control a terminal', () => {
    const policies = { missing: 'you are not allowed to list networkpolicies.networking.k8s.io in prod' };
    expect(linesOf(undefined, { facts: { policies } })).to.include(`  not checked, because ${policies.missing}`);
    const evil = pods.map((pod) => ({ ...pod, labels: { ...pod.labels, note: 'a\u001b[31m\u202eb' } }));
    const text = linesOf(undefined, { ...given, facts: { pods: evil, source: evil[0] as never } }).join('\n');
    expect(text).to.contain(String.raw`note=a\x1b[31m\u{202e}b`);
    for (const control of ['\u001b', '\u202e']) expect(text).not.to.contain(control);
  });

  it('says of a port that a Service does not have only that, and nothing of what nobody looked for', () => {
    const target = { kind: 'service', way: 'svc', service, port: null, backends: { value: [] } } as const;
    const path = { missing: 'there is no pod to connect to' };
    const lines = linesOf(undefined, { to: 'svc:prod/web', port: '81', facts: { target }, observed: { path } });
    expect(lines).to.include('  the port that was asked for is none of them');
    expect(lines).not.to.include('  nothing is behind it');
    expect(lines.filter((line) => /^ {2}on node/.test(line))).to.deep.equal(['  on node worker']);
    expect(lines.at(-2)).to.equal('the Service prod/web has no port 81/TCP: it has 80/TCP.');
  });

  it('is data, too', () => {
    const data = JSON.parse(diagnosisJson(diagnosed(given), options));
    expect(data).to.include({
      schema: 'podreach/diagnose/v1',
      to: 'prod/web',
      want: 'allow',
      observed: 'dropped',
      model: 'deny',
    });
    expect(data.finding.causes).to.deep.equal([
      {
        ...{ kind: 'labels', policies: ['prod/allow'], direction: 'ingress', rule: 1 },
        text: 'wrong label: ingress rule 1 of prod/allow asks for a pod with app=clinet, and dev/client has app=client, not app=clinet',
      },
    ]);
    expect(data.changes[0].kind).to.equal('correct');
    expect(data.steps.map(({ step }: { step: string }) => step)).to.include('the server');
  });
});
