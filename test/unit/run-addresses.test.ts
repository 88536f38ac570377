import { expect } from 'chai';
import { PodreachError } from '../../src/errors.ts';
import { addressesOf, requirePinned } from '../../src/run-addresses.ts';
import type { Topology } from '../../src/scenario/index.ts';
import { topologyOf } from './fake-stage.ts';
import { endpoint } from './probe/fake-targets.ts';

const pinnedTo = (address: string): Topology => ({
  hosts: [],
  nodes: [],
  services: [],
  namespaces: topologyOf().namespaces.map((one) => ({
    ...one,
    pods: one.pods.map((pod) => (pod.name === 'web' ? { ...pod, address } : pod)),
  })),
});

const deployed = (address: string) =>
  new Map([
    ['prod/web', { ...endpoint('prod/web', 0, []), address }],
    ['prod/client', endpoint('prod/client', 1, [])],
  ]);

describe('addressesOf', () => {
  it('are those of the deployed pods, without one that has none', () => {
    expect([...addressesOf({ endpoints: deployed('') })]).to.deep.equal([
      ['prod/web', []],
      ['prod/client', ['10.0.0.2']],
    ]);
  });
});

describe('requirePinned', () => {
  it('takes pods that have the address of the scenario, however it is written', () => {
    requirePinned({ topology: pinnedTo('10.0.0.9'), endpoints: deployed('10.0.0.9') });
    requirePinned({ topology: pinnedTo('fd00:0::1'), endpoints: deployed('fd00::1') });
    requirePinned({ topology: topologyOf(), endpoints: deployed('10.0.0.9') });
  });

  it('refuses a pod that has another, and says what it takes', () => {
    const act = () => requirePinned({ topology: pinnedTo('10.0.0.9'), endpoints: deployed('10.0.0.1') });
    expect(act).to.throw(PodreachError, 'prod/web has the address 10.0.0.1, not 10.0.0.9');
    expect(act).to.throw().with.property('hint').that.contains('Calico');
  });
});
