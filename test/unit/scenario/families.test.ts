import { expect } from 'chai';
import {
  type ExpectedProbe,
  expectedIn,
  familiesNamed,
  probeKey,
  probesIn,
  probesOf,
} from '../../../src/scenario/index.ts';
import { PATHS, topologyIn } from './paths-fixture.ts';

const BOTH = ['IPv4', 'IPv6'] as const;
const pods = 'namespaces: {prod: {pods: {web: {ports: [80]}, api: {}}}}\npolicies: []\n';

describe('probesIn', () => {
  it('are the unchanged probes if the cluster has one family, whatever it is', async () => {
    const topology = await topologyIn(PATHS);
    for (const family of BOTH) expect(probesIn(topology, [family])).to.deep.equal(probesOf(topology));
  });

  it('are each probe once for each family if it has both, side by side', async () => {
    expect(probesIn(await topologyIn(pods), BOTH).map(probeKey)).to.deep.equal([
      'prod/web > prod/web 80/TCP IPv4',
      'prod/web > prod/web 80/TCP IPv6',
      'prod/api > prod/web 80/TCP IPv4',
      'prod/api > prod/web 80/TCP IPv6',
    ]);
  });

  it('leave out a family that one end has no address of', async () => {
    const hosts = `hosts:
  four: {address: 172.17.5.10, ports: [443]}
  six: {address: "fd00:5::10", ports: [443]}
  both: {address: [172.17.5.11, "fd00:5::11"], ports: [443]}
`;
    const probes = probesIn(await topologyIn(pods + hosts), BOTH);
    const familiesOf = (from: string, to: string) =>
      probes.flatMap((probe) => (probe.from === from && probe.to === to ? probe.family : []));
    expect(familiesOf('prod/api', 'host:four')).to.deep.equal(['IPv4']);
    expect(familiesOf('host:six', 'prod/web')).to.deep.equal(['IPv6']);
    expect(familiesOf('prod/api', 'host:both')).to.deep.equal(['IPv4', 'IPv6']);
  });

  it('have the kubelet ask once, at one address', async () => {
    const probes = probesIn(await topologyIn(PATHS), BOTH).filter(({ from }) => from === 'kubelet');
    expect(probes.map(probeKey)).to.deep.equal(['kubelet > prod/web 8080/TCP IPv4']);
  });
});

describe('expectedIn', () => {
  const cell = (to: string, family?: 'IPv4' | 'IPv6'): ExpectedProbe => ({
    from: 'prod/api',
    to,
    port: 80,
    protocol: 'TCP',
    ...(family && { family }),
    expectation: family === 'IPv6' ? 'deny' : 'allow',
  });
  const shown = (expected: readonly ExpectedProbe[]) => expected.map((one) => `${probeKey(one)} ${one.expectation}`);
  const probes = BOTH.map((family) => ({ ...cell('prod/web'), family }));

  it('is what is expected of either family, if the cluster has both', () => {
    expect(shown(expectedIn([cell('prod/web')], probes, BOTH))).to.deep.equal([
      'prod/api > prod/web 80/TCP IPv4 allow',
      'prod/api > prod/web 80/TCP IPv6 allow',
    ]);
  });

  it('is what is expected of each, if they are distinguished', () => {
    expect(shown(expectedIn([cell('prod/web', 'IPv4'), cell('prod/web', 'IPv6')], probes, BOTH))).to.deep.equal([
      'prod/api > prod/web 80/TCP IPv4 allow',
      'prod/api > prod/web 80/TCP IPv6 deny',
    ]);
  });

  it('expects nothing of a probe that there is not', () => {
    const four = probes.slice(0, 1);
    expect(shown(expectedIn([cell('prod/web')], four, BOTH))).to.deep.equal(['prod/api > prod/web 80/TCP IPv4 allow']);
    expect(shown(expectedIn([cell('prod/web', 'IPv6')], four, BOTH))).to.deep.equal([]);
  });

  it('keeps to the family of a cluster that has one, and does not name it', () => {
    const both = [cell('prod/web', 'IPv4'), cell('prod/web', 'IPv6')];
    expect(shown(expectedIn(both, [], ['IPv6']))).to.deep.equal(['prod/api > prod/web 80/TCP deny']);
    expect(shown(expectedIn(both, [], ['IPv4']))).to.deep.equal(['prod/api > prod/web 80/TCP allow']);
    expect(shown(expectedIn([cell('prod/web')], [], ['IPv6']))).to.deep.equal(['prod/api > prod/web 80/TCP allow']);
  });
});

describe('familiesNamed', () => {
  const named = async (yaml: string, expected: readonly ExpectedProbe[] = []) =>
    [...familiesNamed(await topologyIn(yaml), expected)].sort();

  it('are none if no address and no rule names one', async () => {
    expect(await named(pods)).to.deep.equal([]);
  });

  it('are those of the addresses of pods and hosts', async () => {
    expect(await named(`${pods}hosts: {a: {address: "fd00:5::10"}}\n`)).to.deep.equal(['IPv6']);
    expect(await named(pods.replace('api: {}', 'api: {address: 10.0.0.1}'))).to.deep.equal(['IPv4']);
    expect(await named(pods.replace('api: {}', 'api: {address: [10.0.0.1, "fd00::1"]}'))).to.deep.equal(BOTH);
  });

  it('are those that are expected', async () => {
    const probe = { from: 'prod/api', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'deny' } as const;
    expect(await named(pods, [{ ...probe, family: 'IPv6' }])).to.deep.equal(['IPv6']);
    expect(await named(pods, [probe])).to.deep.equal([]);
  });
});
