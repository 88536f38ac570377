import { expect } from 'chai';
import { compile, decide, type End, endName, explain, type World } from '../../../src/model/index.ts';

describe('endName', () => {
  const names: readonly (readonly [name: string, end: End])[] = [
    ['prod/web', { kind: 'pod', namespace: 'prod', name: 'web' }],
    ['host:office', { kind: 'host', name: 'office' }],
    ['node:own', { kind: 'node', name: 'own' }],
    ['svc:prod/web', { kind: 'service', way: 'svc', namespace: 'prod', name: 'web' }],
    ['dns:prod/web', { kind: 'service', way: 'dns', namespace: 'prod', name: 'web' }],
    ['nodeport:prod/web', { kind: 'service', way: 'nodeport', namespace: 'prod', name: 'web' }],
    ['external:prod/web', { kind: 'service', way: 'external', namespace: 'prod', name: 'web' }],
    ['kubelet', { kind: 'kubelet' }],
  ];
  for (const [name, end] of names) it(`writes ${name}`, () => expect(endName(end)).to.equal(name));
});

describe('the kind of an end', () => {
  const world: World = {
    namespaces: ['prod', 'svc:prod', 'host:prod', 'dns:prod'].map((name) => ({ name })),
    pods: ['prod', 'svc:prod', 'host:prod', 'dns:prod'].map((namespace) => ({ namespace, name: 'web' })),
    hosts: [{ name: 'office', addresses: ['172.17.5.10'] }],
    nodes: [{ name: 'own', pods: ['prod/web'], elsewhere: [] }],
  };
  const model = compile(world, []);
  const kindsOf = (from: string, to: string) => explain(model, { from, to, port: 80, protocol: 'TCP' }).kinds;

  it('is reported with an explanation', () => {
    expect(kindsOf('host:office', 'prod/web')).to.deep.equal({ from: 'host', to: 'pod' });
    expect(kindsOf('kubelet', 'prod/web')).to.deep.equal({ from: 'kubelet', to: 'pod' });
    expect(kindsOf('prod/web', 'node:own')).to.deep.equal({ from: 'pod', to: 'node' });
  });

  it('is what the world says, whatever the name looks like', () => {
    expect(kindsOf('host:prod/web', 'svc:prod/web')).to.deep.equal({ from: 'pod', to: 'pod' });
    for (const to of ['svc:prod/web', 'dns:prod/web'])
      expect(decide(model, { from: 'host:prod/web', to, port: 80, protocol: 'TCP' })).to.equal('allow');
  });
});
