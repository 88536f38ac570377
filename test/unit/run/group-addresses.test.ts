import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { runGroups } from '../../../src/run/group.ts';
import type { Topology } from '../../../src/scenario/index.ts';
import { fakePool, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';
import { pinned, refusing } from './group-fixture.ts';

describe('runGroups, with pods that are pinned to an address', () => {
  /** A topology that is another for each name, with the same address. */
  const pinnedAs = (name: string): Topology => pinned(topologyOf(name));

  /** Deployments that tell when they come and go. Their pods don't have the address, so that each scenario breaks. */
  const poolIn = (order: string[]) =>
    fakePool((topology) => {
      const name = topology.namespaces[0]?.name ?? '';
      order.push(`${name} begins`);
      return {
        ...refusing(topology),
        dispose: async ({ waitMs } = {}) => {
          await sleep(20);
          order.push(`${name} goes${waitMs === undefined ? '' : ', and is waited for'}`);
        },
      };
    });

  it('begins a group only when one with the same address is gone, and waits for its end', async () => {
    const order: string[] = [];
    const scenarios = ['a', 'b'].map((name) => scenarioOf(name, [{}], pinnedAs(name)));
    await runGroups(scenarios, fakeStage({ workers: 2, deployments: poolIn(order) }));
    expect(order).to.deep.equal(['a begins', 'a goes, and is waited for', 'b begins', 'b goes, and is waited for']);
  });

  it('waits for nothing where nobody else wants the address', async () => {
    const order: string[] = [];
    const scenarios = [scenarioOf('a', [{}], pinnedAs('a')), scenarioOf('b', [{}], topologyOf('b'))];
    await runGroups(scenarios, fakeStage({ workers: 2, deployments: poolIn(order) }));
    expect(order.slice(0, 2)).to.have.members(['a begins', 'b begins']);
    expect(order.slice(2)).to.have.members(['a goes', 'b goes']);
  });

  it('waits where the same group needs other pods, after something broke', async () => {
    const order: string[] = [];
    const topology = pinnedAs('a');
    await runGroups(
      [scenarioOf('a', [{}], topology), scenarioOf('b', [{}], topology)],
      fakeStage({ deployments: poolIn(order) }),
    );
    expect(order).to.deep.equal(['a begins', 'a goes, and is waited for', 'a begins', 'a goes']);
  });

  it('says so where pods that are kept have the address', async () => {
    const order: string[] = [];
    const scenarios = [scenarioOf('a', [{}], pinnedAs('a')), scenarioOf('b', [{}], pinnedAs('b'))];
    const results = await runGroups(scenarios, fakeStage({ keep: true, deployments: poolIn(order) }));
    expect(order).to.deep.equal(['a begins']);
    expect(results[1]?.status).to.equal('error');
    expect(results[1]?.steps[0]?.problem).to.equal(
      'a pod must have the address 192.168.77.10, which a pod of a, kept by --keep, still has',
    );
  });
});
