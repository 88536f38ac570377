import { expect } from 'chai';
import { watchListOf } from '../../../src/run/watch-list.ts';
import type { Topology } from '../../../src/scenario/index.ts';
import { endpoint } from '../probe/fake-targets.ts';
import { policyOf } from './fake-stage.ts';

const pod = (name: string, ports: Topology['namespaces'][number]['pods'][number]['ports']) => ({
  namespace: 'prod',
  name,
  endpoint: `prod/${name}`,
  labels: { app: name },
  ports,
});
const PODS = [
  pod('web', [
    { number: 80, protocol: 'TCP' },
    { number: 53, protocol: 'UDP' },
  ]),
  pod('api', [{ number: 8080, protocol: 'TCP' }]),
  pod('client', []),
];
const TOPOLOGY: Topology = {
  hosts: [],
  nodes: [],
  services: [],
  namespaces: [{ name: 'prod', labels: {}, pods: PODS }],
};
const endpoints = new Map(PODS.map((one, at) => [one.endpoint, endpoint(one.endpoint, at, one.ports)]));
const DENY_WEB = policyOf('deny', { podSelector: { matchLabels: { app: 'web' } }, ingress: [] });

describe('the cells to record', () => {
  it('are those that the model says change, and some that do not; only TCP between pods', () => {
    const [open, closed] = [[], [DENY_WEB]].map((policies) => ({ topology: TOPOLOGY, policies }));
    if (!open || !closed) throw new RangeError('two');
    const list = watchListOf(open, closed, { endpoints });
    const textOf = ({ direction, probe }: (typeof list.watched)[number]) =>
      `${probe.from} > ${probe.to} ${probe.port} ${direction}`;
    expect(list.watched.map(textOf)).to.deep.equal([
      'prod/api > prod/web 80 closed',
      'prod/client > prod/web 80 closed',
      'prod/web > prod/api 8080 steady',
      'prod/client > prod/api 8080 steady',
    ]);
    // The same two over UDP.
    expect(list.unwatched).to.equal(2);
    expect(watchListOf(closed, open, { endpoints }).watched[0]?.direction).to.equal('opened');
  });

  it('are, of those that do not change, first those whose policy changes', () => {
    const pods = Array.from({ length: 12 }, (_, at) =>
      pod(at === 0 ? 'web' : `p${at}`, [{ number: 80, protocol: 'TCP' }]),
    );
    const topology = { ...TOPOLOGY, namespaces: [{ name: 'prod', labels: {}, pods }] };
    const [was, is] = [[{}], [{}, {}]].map((ingress) => {
      const policies = [policyOf('all', { podSelector: { matchLabels: { app: 'web' } }, ingress })];
      return { topology, policies };
    });
    if (!was || !is) throw new RangeError('two');
    const own = new Map(pods.map((one, at) => [one.endpoint, endpoint(one.endpoint, at, one.ports)]));
    const { watched } = watchListOf(was, is, { endpoints: own });
    // 11 of 132 cells, and what there is room for.
    expect(watched.slice(0, 11).map(({ probe }) => probe.to)).to.deep.equal(Array(11).fill('prod/web'));
    expect(watched).to.have.length(20);
  });
});
