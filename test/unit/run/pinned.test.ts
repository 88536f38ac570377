import { expect } from 'chai';
import { pinnedIn, requireFree } from '../../../src/run/pinned.ts';
import type { Topology } from '../../../src/scenario/index.ts';
import { scenarioOf, topologyOf } from './fake-stage.ts';

/** Two pods, the first pinned to these addresses. */
const pinnedTo = (...addresses: readonly string[]): Topology => {
  const { namespaces, ...topology } = topologyOf();
  const pin = namespaces.map((one) => ({
    ...one,
    pods: one.pods.map((pod, index) => (index === 0 ? { ...pod, addresses } : pod)),
  }));
  return { ...topology, namespaces: pin };
};

describe('pinnedIn', () => {
  it('finds the addresses of all pods in all steps', () => {
    const scenario = scenarioOf('a', [
      { topology: pinnedTo('192.168.77.10') },
      { topology: pinnedTo('192.168.77.11', 'fd00:10:244::77') },
    ]);
    expect([...pinnedIn([scenarioOf('b'), scenario]).values()]).to.have.members([
      '192.168.77.10',
      '192.168.77.11',
      'fd00:10:244::77',
    ]);
  });

  it('has one key for an address that is written in two ways', () => {
    const [one, other] = ['fd00:10:244::77', 'fd00:10:244:0:0:0:0:77'].map((address) =>
      pinnedIn([scenarioOf('a', [{}], pinnedTo(address))]),
    );
    expect([...(one?.keys() ?? [])]).to.deep.equal([...(other?.keys() ?? [])]);
  });

  it('leaves out the addresses of hosts, which may share one', () => {
    const hosts = [{ name: 'office', endpoint: 'host:office', addresses: ['172.17.5.10'], ports: [] }];
    expect(pinnedIn([scenarioOf('a', [{}], { ...topologyOf(), hosts })]).size).to.equal(0);
  });
});

describe('requireFree', () => {
  const pinned = pinnedIn([scenarioOf('a', [{}], pinnedTo('192.168.77.10'))]);
  const [key = ''] = pinned.keys();

  it('says who has an address', () => {
    expect(() => requireFree(pinned, new Map([[key, 'office']]))).to.throw(
      'a pod must have the address 192.168.77.10, which a pod of office, kept by --keep, still has',
    );
  });

  it('passes over addresses that nobody wants', () => {
    requireFree(pinned, new Map([['another', 'office']]));
  });
});
