import { expect } from 'chai';
import { adviseFor, wantedFromSeen } from '../../../src/advise/index.ts';
import type { Cell } from '../../../src/matrix/index.ts';
import { app, names, SHOP, specOf, stepOf, tcp } from './fixture.ts';

describe('adviseFor what was seen', () => {
  it('takes what was seen, and leaves closed what was not seen for certain', async () => {
    const { topology } = await stepOf(`${SHOP}expect: model`);
    const cell = (from: string, to: string, port: number, observed: Cell['observed'], flaky = false): Cell => {
      const probe = { from, to, port, protocol: 'TCP' } as const;
      const observation = { ...probe, verdict: observed ?? 'error', flaky, attempts: 1, detail: '' };
      return { ...probe, observed, expected: null, model: null, status: 'unjudged', observation };
    };
    const all = adviseFor(
      wantedFromSeen(topology, [
        cell('shop/web', 'shop/api', 8080, 'allowed'),
        cell('shop/web', 'shop/db', 5432, 'dropped'),
        cell('shop/db', 'shop/web', 80, 'rejected'),
        cell('shop/api', 'shop/db', 5432, 'error'),
        cell('shop/api', 'shop/web', 80, 'allowed', true),
        cell('shop/web', 'shop/api', 9090, 'unsupported'),
      ]),
    );
    expect(all.unmet).to.deep.equal([]);
    expect(all.met).to.equal(3);
    expect(names(all)).to.deep.equal(['shop/default-deny', 'shop/web', 'shop/api', 'monitoring/default-deny']);
    expect(specOf(all, 'shop/api').ingress).to.deep.equal([{ from: [{ podSelector: app('web') }], ports: tcp(8080) }]);
    const doubts = all.unknown.map(({ from, to, port, doubt }) => `${from} ${to} ${port} ${doubt}`);
    expect(doubts).to.include.members([
      'shop/api shop/db 5432 error',
      'shop/api shop/web 80 flaky',
      'shop/web shop/api 9090 unsupported',
      'monitoring/prometheus shop/db 5432 not-seen',
    ]);
    expect(all.exposed).to.deep.equal([]);
  });

  it('takes nothing from what was seen of a pod that meets itself through a Service, where that is undefined', async () => {
    const step = await stepOf(`namespaces:
  shop: {pods: {web: {labels: {app: web}, ports: [80]}, api: {labels: {app: api}}}}
services: {shop/web: {port: 80}}
expect: model`);
    const cell = (from: string, to: string, observed: 'allowed' | 'dropped', status: Cell['status']): Cell => ({
      ...{ from, to, port: 80, protocol: 'TCP' },
      ...{ observed, expected: null, model: null, status, observation: null },
    });
    const seenWith = (own: Cell) =>
      adviseFor(
        wantedFromSeen(step.topology, [
          cell('shop/api', 'shop/web', 'allowed', 'unjudged'),
          cell('shop/api', 'svc:shop/web', 'allowed', 'unjudged'),
          own,
        ]),
      );
    for (const observed of ['allowed', 'dropped'] as const) {
      const { unmet, met } = seenWith(cell('shop/web', 'svc:shop/web', observed, 'open'));
      expect([unmet, met]).to.deep.equal([[], 2]);
    }
    // Without policies that select it, it is defined.
    expect(seenWith(cell('shop/web', 'svc:shop/web', 'allowed', 'unjudged'))).to.deep.include({ unmet: [], met: 3 });
  });

  it('says which cells are open only because they are like others, and what can never be closed', async () => {
    const { topology } = await stepOf(`namespaces:
  prod:
    pods:
      web-1: {labels: {app: web}, ports: [80]}
      web-2: {labels: {app: web}, ports: [80]}
      api: {labels: {app: api}}
      agent: {labels: {app: agent}, hostNetwork: true}
nodes: {own: {with: prod/web-1}}
expect: model`);
    const probe = { from: 'prod/api', to: 'prod/web-1', port: 80, protocol: 'TCP' } as const;
    const seen: Cell = {
      ...probe,
      observed: 'allowed',
      expected: null,
      model: null,
      status: 'unjudged',
      observation: null,
    };
    const node: Cell = { ...seen, from: 'node:own', observed: 'dropped' };
    const agent: Cell = { ...seen, from: 'prod/agent', observed: 'dropped' };
    const all = adviseFor(wantedFromSeen(topology, [seen, node, agent]));
    expect(all.exposed.map(({ from, to }) => `${from} ${to}`)).to.include('prod/api prod/web-2');
    expect(all.unmet.map(({ cell, why }) => `${cell.from} ${why.kind}`)).to.have.members([
      'node:own own-node',
      'prod/agent host-network',
    ]);
  });
});
