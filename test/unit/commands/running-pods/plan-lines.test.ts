import { expect } from 'chai';
import { type ExistingPod, existingPod } from '../../../../src/attach/existing-pod.ts';
import { probesBetween } from '../../../../src/attach/probes-between.ts';
import { type Choice, wayOf } from '../../../../src/attach/way.ts';
import { planLines } from '../../../../src/commands/running-pods/plan-lines.ts';
import type { Port } from '../../../../src/scenario/index.ts';
import { podObject } from '../../attach/fake-cluster.ts';

const http: readonly Port[] = [{ number: 80, protocol: 'TCP' }];
const dns: readonly Port[] = [{ number: 53, protocol: 'UDP' }];

const pod = (endpoint: string, ports: readonly Port[] = http, changes: Partial<ExistingPod> = {}): ExistingPod => ({
  ...existingPod(podObject(endpoint), ports),
  ...changes,
});

const told = (pods: readonly ExistingPod[], choice: Choice = 'auto', mayAdd = true, notRunning = 0): string => {
  const ways = new Map(pods.map((one) => [one.endpoint, wayOf(one, choice, mayAdd)]));
  const probes = probesBetween(pods);
  const names = { context: 'kind-dev', namespaces: ['prod', 'dev'], image: 'probe:1', container: 'podreach-abc' };
  return planLines(
    { ...names, pods, ways, probes, timeoutMs: 1500, retries: 1, repeatEach: 1, failOnFlaky: false },
    notRunning,
  ).join('\n');
};

const two = [pod('prod/web'), pod('dev/client', [])];

describe('planLines', () => {
  it('says where, what and how much', () => {
    const text = told(two);
    expect(text).to.contain('context kind-dev').and.to.contain('nothing has been done yet');
    expect(text).to.contain('2 running pods of prod, dev: prod/web, dev/client');
    expect(text).to.match(/^ +2 probes /m);
    expect(text).not.to.contain('UDP').and.not.to.contain('not running');
    expect(told(two, 'auto', true, 1)).to.contain('1 pod that is not running: left out');
  });

  it('says what is put into the pods, what stays there, and what may be done instead', () => {
    const text = told(two);
    expect(text).to.contain('ephemeral container podreach-abc in prod/web, dev/client: image probe:1');
    expect(text).to.contain('stays listed in the pod as terminated');
    expect(text).to.contain("if it is refused or does not start: exec in one of the pod's own containers");
    expect(told(two, 'ephemeral')).not.to.contain('exec');
  });

  it('says where it is exec, and why', () => {
    const text = told([...two, pod('prod/static', http, { isStatic: true })]);
    expect(text).to.match(/exec in one of the pod's own containers, .*, in prod\/static\n +because a static pod/);
    expect(told(two, 'auto', false)).to.contain('because you are not allowed to add ephemeral containers there');
    const asked = told(two, 'exec');
    expect(asked).not.to.contain('because').and.not.to.contain('ephemeral container');
    expect(asked).to.contain('nc, bash or wget');
  });

  it('says which probes send something', () => {
    const pods = [pod('prod/dns', dns), pod('dev/client', [])];
    expect(told(pods)).to.contain('2 of them use UDP and send one short datagram each');
    expect(told(pods, 'exec')).not.to.contain('datagram');
    expect(told(pods, 'exec')).to.contain('exec can try TCP only');
    expect(told(two, 'exec')).not.to.contain('TCP only');
  });

  it('names the pods of which policies, or probes, do not hold', () => {
    const text = told([
      pod('prod/agent', http, { hostNetwork: true }),
      pod('prod/meshed', http, { proxy: 'istio-proxy' }),
    ]);
    expect(text).to.match(/network, so policies may not apply to them: prod\/agent$/m);
    expect(text).to.match(/service mesh's proxy, .*: prod\/meshed; /m);
  });

  it('names ten pods, and counts the others', () => {
    const many = Array.from({ length: 12 }, (_, index) => pod(`prod/p${index}`));
    expect(told(many))
      .to.contain('12 running pods')
      .and.to.contain('prod/p9 and 2 more')
      .and.not.to.contain('prod/p10');
  });
});
