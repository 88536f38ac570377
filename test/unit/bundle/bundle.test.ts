import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { countedBetween } from '../../../src/bundle/counters.ts';
import { archiveOf, bundleManifests } from '../../../src/bundle/index.ts';
import type { Topology } from '../../../src/scenario/index.ts';
import { policyOf, topologyOf } from '../run/fake-stage.ts';

describe('an archive', () => {
  it('has the same bytes for the same files, in whatever order they come', async () => {
    const files = [
      ['b.txt', 'two'],
      ['run.sh', 'one'],
    ] as const;
    const [one, other] = await Promise.all([files, files.toReversed()].map((all) => archiveOf('bug', new Map(all))));
    expect(one).to.deep.equal(other);
    const text = gunzipSync(one as Buffer).toString('latin1');
    expect([...text.matchAll(/bug\/[a-z.]+/g)].map(([name]) => name)).to.deep.equal(['bug/b.txt', 'bug/run.sh']);
    // Mode, owner, group, size and time of the script, in octal, as POSIX's ustar has them.
    expect(text).to.contain('000755 \u0000000000 \u0000000000 \u000000000000003 00000000000 ');
  });
});

describe('the manifests of a bundle', () => {
  const selector = { matchLabels: { 'kubernetes.io/metadata.name': 'prod' } };
  const policy = policyOf('web', { podSelector: {}, ingress: [{ from: [{ namespaceSelector: selector }] }] });
  const nodes: Readonly<Record<string, string>> = { 'prod/web': 'secret-name', 'prod/client': 'other' };

  it('have namespaces of their own, also where a policy asks for one by its name, and marks for nodes', () => {
    const placed = { topology: topologyOf(), policies: [policy], nodeOf: (endpoint: string) => nodes[endpoint] };
    const files = bundleManifests(placed);
    expect([...files.keys()]).to.deep.equal([
      ...['manifests/namespaces/repro-prod.yaml', 'manifests/pods.yaml', 'manifests/policies.yaml'],
    ]);
    const read = (name: string) => parseAllDocuments(files.get(name) ?? '').map((one) => Object(one).toJS());
    expect(
      read('manifests/pods.yaml').map(({ metadata, spec }) => [metadata.namespace, metadata.name, spec.nodeName]),
    ).to.deep.equal([
      ['repro-prod', 'web', '@NODE_1@'],
      ['repro-prod', 'client', '@NODE_2@'],
    ]);
    const [rule] = read('manifests/policies.yaml');
    expect(rule.metadata).to.include({ name: 'web', namespace: 'repro-prod' });
    expect(JSON.stringify(rule.spec)).to.contain('"kubernetes.io/metadata.name":"repro-prod"');
    expect([...files.values()].join('')).not.to.contain('secret-name');
  });

  it('are refused for what kubectl can not bring about', () => {
    const office = { endpoint: 'host:office', name: 'office', addresses: ['172.17.5.10'], ports: [] };
    const topology: Topology = { ...topologyOf(), hosts: [office] };
    expect(() => bundleManifests({ topology, policies: [], nodeOf: () => undefined })).to.throw(
      'but the result needs host:office',
    );
  });
});

describe('countedBetween', () => {
  const printed = (counts: readonly number[]): string =>
    [
      '# iptables-nft-save',
      `[${counts[0]}:60] -A FORWARD -s 10.0.0.1/32 -d 10.0.0.2/32 -j DROP`,
      `[${counts[1]}:60] -A cali-tw-cali1 -j RETURN`,
      `[${counts[2]}:60] -A KUBE-FORWARD -j ACCEPT`,
      `[${counts[3]}:60] -A FORWARD -s 10.0.0.11/32 -j ACCEPT`,
      `[${counts[4]}:60] -A INPUT -s 10.0.0.1/32 -j ACCEPT`,
    ].join('\n');

  it('gives the rules that counted more, if they drop, name an address, or are of the pods', () => {
    const options = { addresses: ['10.0.0.1', '10.0.0.2'], relevant: ['[0:0] -A cali-tw-cali1 -j RETURN'] };
    expect(countedBetween(printed([1, 2, 3, 4, 5]), printed([3, 4, 9, 9, 5]), options)).to.deep.equal([
      { rule: '-A FORWARD -s 10.0.0.1/32 -d 10.0.0.2/32 -j DROP', before: 1, after: 3 },
      { rule: '-A cali-tw-cali1 -j RETURN', before: 2, after: 4 },
    ]);
  });
});
