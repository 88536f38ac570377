import { expect } from 'chai';
import { areFewPodsApart, runningKey } from '../../../src/scenario/index.ts';
import { topologyIn } from './paths-fixture.ts';

describe('runningKey', () => {
  const PODS =
    'namespaces: {prod: {labels: {team: a}, pods: {web: {labels: {app: web}, ports: [80]}}}}\npolicies: []\nexpect: model\n';
  const keyOf = async (from: string, to: string, text = PODS) => runningKey(await topologyIn(text.replace(from, to)));

  it('is equal for topologies that differ in labels only', async () => {
    const key = await keyOf('', '');
    expect(await keyOf('app: web', 'app: api')).to.equal(key);
    expect(await keyOf('team: a', '')).to.equal(key);
  });

  it('is another for labels that may decide how a pod is created, and for other pods', async () => {
    const others = [
      ['team: a', 'pod-security.kubernetes.io/enforce: restricted'],
      ['team: a', 'istio-injection: enabled'],
      ['app: web', 'sidecar.istio.io/inject: "true"'],
      ['ports: [80]', 'ports: [81]'],
      ['web:', 'api:'],
    ] as const;
    const keys = await Promise.all([keyOf('', ''), ...others.map(([from, to]) => keyOf(from, to))]);
    expect(new Set(keys).size).to.equal(others.length + 1);
  });

  it('is that of all labels if there are Services, which select by them', async () => {
    const text = `services: {prod/web: {port: 80}}\n${PODS}`;
    expect(await keyOf('app: web', 'app: api', text)).not.to.equal(await keyOf('', '', text));
  });
});

describe('areFewPodsApart', () => {
  const topologyOf = (pods: readonly string[], more = '') =>
    topologyIn(`${more}namespaces:\n  prod: {pods: {${pods.join(', ')}}}\npolicies: []\nexpect: model\n`);
  const plain = (...names: readonly string[]) => names.map((name) => `${name}: {ports: [80]}`);
  const FOUR = plain('a', 'b', 'c', 'd');

  /** Both ways, because a run may begin with either. */
  const areApart = async (one: readonly string[], other: readonly string[], more?: string, otherMore = more) => {
    const [before, after] = await Promise.all([topologyOf(one, more), topologyOf(other, otherMore)]);
    const both = [areFewPodsApart(before, after), areFewPodsApart(after, before)];
    expect(both[0]).to.equal(both[1]);
    return both[0];
  };

  it('holds for up to three pods that come or go, whatever the labels of the others', async () => {
    expect(await areApart(FOUR, plain('a', 'b', 'c', 'd', 'e', 'f', 'g'))).to.equal(true);
    expect(await areApart(FOUR, plain('a', 'c', 'd', 'e'))).to.equal(true);
    expect(await areApart(FOUR, [...plain('a', 'b', 'c'), 'd: {ports: [80], labels: {app: web}}'])).to.equal(true);
  });

  it('does not hold for more, or if most are others', async () => {
    expect(await areApart(FOUR, plain('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'))).to.equal(false);
    expect(await areApart(plain('a'), plain('a', 'b', 'c'))).to.equal(false);
    expect(await areApart(plain('a', 'b'), plain('a', 'b', 'c', 'd'))).to.equal(true);
  });

  it('does not hold if a pod that both have was created otherwise', async () => {
    const changes = [
      'd: {ports: [81]}',
      'd: {ports: [80], readiness: 80}',
      'd: {ports: [8080], hostNetwork: true}',
      'd: {ports: [80], address: 192.168.1.1}',
      'd: {ports: [80], labels: {sidecar.istio.io/inject: "true"}}',
    ];
    for (const d of changes)
      expect(await areApart(FOUR, [...plain('a', 'b', 'c'), d, ...plain('e')]), d).to.equal(false);
  });

  it('does not hold if what comes needs more than a free place', async () => {
    for (const more of ['readiness: 8080', 'hostNetwork: true', 'address: 192.168.1.1'])
      expect(await areApart(FOUR, [...FOUR, `e: {ports: [8080], ${more}}`]), more).to.equal(false);
  });

  it('does not hold with Services or hosts, or between other nodes and namespaces', async () => {
    const five = [...FOUR, ...plain('e')];
    const web = [...plain('a', 'b', 'c'), 'd: {ports: [80], labels: {app: web}}'];
    const service = 'services: {prod/web: {selector: {app: web}, port: 80}}\n';
    const host = 'hosts: {office: {address: 172.17.5.10, ports: [443]}}\n';
    const node = 'nodes: {own: {with: prod/a, ports: [9200]}}\n';
    expect(await areApart(web, [...web, ...plain('e')], service)).to.equal(false);
    expect(await areApart(FOUR, five, host)).to.equal(false);
    expect(await areApart(FOUR, five, node)).to.equal(true);
    expect(await areApart(FOUR, five, node, '')).to.equal(false);
    const other = await topologyIn(
      `namespaces:\n  prod: {pods: {${FOUR.join(', ')}}}\n  dev: {pods: {e: {}}}\npolicies: []\nexpect: model\n`,
    );
    expect(areFewPodsApart(await topologyOf(FOUR), other)).to.equal(false);
  });
});
