import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { familyOf, type IpFamily, subnetsOf, withFamily } from '../../../src/cluster/ip-family.ts';
import { PodreachError } from '../../../src/errors.ts';
import { root } from '../scripts/temporary-folder.ts';

interface Networking {
  readonly ipFamily?: string;
  readonly podSubnet?: string;
  readonly serviceSubnet?: string;
}

const configOf = (networking: Networking) => `kind: Cluster\nnetworking: ${JSON.stringify(networking)}\n`;
const networkingIn = (config: string): Networking => parse(config).networking;

// https://kind.sigs.k8s.io/docs/user/configuration/#ip-family: IPv4 unless it says otherwise.
describe('familyOf', () => {
  for (const family of ['ipv4', 'ipv6', 'dual'] as const)
    it(`reads ${family}`, () => {
      expect(familyOf(`networking: {ipFamily: ${family}}`)).to.equal(family);
      expect(familyOf(`networking:\n  ipFamily: "${family}" # so\n`)).to.equal(family);
    });

  for (const config of ['', 'kind: Cluster', 'networking:', 'networking: {ipFamily: }', 'ipFamily: dual', '- dual'])
    it(`is IPv4 if nothing is said: ${JSON.stringify(config)}`, () => {
      expect(familyOf(config)).to.equal('ipv4');
    });

  for (const config of ['networking: {ipFamily: Dual}', 'networking: {ipFamily: [dual]}', 'networking: [', '{'])
    it(`leaves it to kind to refuse ${JSON.stringify(config)}`, () => {
      expect(familyOf(config)).to.equal('ipv4');
    });
});

// The defaults of kind 0.33: https://kind.sigs.k8s.io/docs/user/configuration/#pod-subnet and #service-subnet
describe('subnetsOf', () => {
  const ofKind = {
    ipv4: { podSubnet: ['10.244.0.0/16'], serviceSubnet: ['10.96.0.0/16'] },
    ipv6: { podSubnet: ['fd00:10:244::/56'], serviceSubnet: ['fd00:10:96::/112'] },
    dual: { podSubnet: ['10.244.0.0/16', 'fd00:10:244::/56'], serviceSubnet: ['10.96.0.0/16', 'fd00:10:96::/112'] },
  };
  for (const [ipFamily, subnets] of Object.entries(ofKind))
    it(`are kind's own of ${ipFamily} where none are written`, () => {
      expect(subnetsOf(configOf({ ipFamily }), 'podSubnet')).to.deep.equal(subnets.podSubnet);
      expect(subnetsOf(configOf({ ipFamily }), 'serviceSubnet')).to.deep.equal(subnets.serviceSubnet);
    });

  it('are those that are written, each for itself', () => {
    const config = configOf({ ipFamily: 'dual', podSubnet: '10.1.0.0/16, fd00:1::/56' });
    expect(subnetsOf(config, 'podSubnet')).to.deep.equal(['10.1.0.0/16', 'fd00:1::/56']);
    expect(subnetsOf(config, 'serviceSubnet')).to.deep.equal(ofKind.dual.serviceSubnet);
  });
});

describe('withFamily', () => {
  let stock: string;

  before(async () => {
    stock = await readFile(join(root, 'kind-config.yaml'), 'utf8');
  });

  it('gives the stock configuration both families, and keeps its comments and the rest', () => {
    const dual = withFamily(stock, 'dual');
    expect(parse(dual)).to.deep.equal({
      kind: 'Cluster',
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      networking: { disableDefaultCNI: true, podSubnet: '192.168.0.0/16,fd00:10:244::/56', ipFamily: 'dual' },
      nodes: [{ role: 'control-plane' }, { role: 'worker' }],
    });
    for (const comment of stock.match(/^#.*$/gm) ?? expect.fail('it has no comment')) expect(dual).to.contain(comment);
  });

  it('gives the stock configuration IPv6 alone', () => {
    expect(networkingIn(withFamily(stock, 'ipv6'))).to.deep.equal({
      disableDefaultCNI: true,
      podSubnet: 'fd00:10:244::/56',
      ipFamily: 'ipv6',
    });
  });

  it('leaves text alone that is of the family already, so that it stands for the same cluster', () => {
    expect(withFamily(stock, 'ipv4')).to.equal(stock);
    const odd = '# mine\nnetworking: {  "ipFamily":   dual,   podSubnet: "10.1.0.0/16,fd00:1::/56"   }   # so\n';
    expect(withFamily(odd, 'dual')).to.equal(odd);
    expect(withFamily('kind: Cluster   # bare\n', 'ipv4')).to.equal('kind: Cluster   # bare\n');
  });

  const both = { podSubnet: '10.1.0.0/16,fd00:1::/56', serviceSubnet: '10.2.0.0/16,fd00:2::/112' };
  const four = { podSubnet: '10.1.0.0/16', serviceSubnet: '10.2.0.0/16' };
  const six = { podSubnet: 'fd00:1::/56', serviceSubnet: 'fd00:2::/112' };
  const cases: Readonly<Record<string, readonly [from: Networking, wanted: IpFamily, to: Networking]>> = {
    'drops IPv4': [{ ipFamily: 'dual', ...both }, 'ipv6', { ipFamily: 'ipv6', ...six }],
    'drops IPv6': [{ ipFamily: 'dual', ...both }, 'ipv4', { ipFamily: 'ipv4', ...four }],
    'adds IPv6 behind': [
      four,
      'dual',
      { podSubnet: '10.1.0.0/16,fd00:10:244::/56', serviceSubnet: '10.2.0.0/16,fd00:10:96::/112', ipFamily: 'dual' },
    ],
    'adds IPv4 in front': [
      { ipFamily: 'ipv6', ...six },
      'dual',
      { podSubnet: '192.168.0.0/16,fd00:1::/56', serviceSubnet: '10.96.0.0/16,fd00:2::/112', ipFamily: 'dual' },
    ],
    'takes others where none fits': [
      { ipFamily: 'ipv6', ...six },
      'ipv4',
      { podSubnet: '192.168.0.0/16', serviceSubnet: '10.96.0.0/16', ipFamily: 'ipv4' },
    ],
    'completes what is of the family, but lacks a subnet': [
      { ipFamily: 'dual', podSubnet: '10.1.0.0/16' },
      'dual',
      { ipFamily: 'dual', podSubnet: '10.1.0.0/16,fd00:10:244::/56' },
    ],
    'leaves to kind what is not written': [{}, 'dual', { ipFamily: 'dual' }],
    'leaves spaces out, which kind refuses': [
      { ipFamily: 'dual', podSubnet: '10.1.0.0/16, fd00:1::/56' },
      'dual',
      { ipFamily: 'dual', podSubnet: '10.1.0.0/16,fd00:1::/56' },
    ],
    'leaves it to kind to refuse what is no subnet': [
      { podSubnet: 'nonsense' },
      'dual',
      { podSubnet: 'nonsense,fd00:10:244::/56', ipFamily: 'dual' },
    ],
  };
  for (const [what, [from, wanted, to]] of Object.entries(cases))
    it(what, () => {
      expect(networkingIn(withFamily(configOf(from), wanted))).to.deep.equal(to);
    });

  it('adds a section for the network if there is none', () => {
    for (const config of ['kind: Cluster\n', 'kind: Cluster\nnetworking:\n', 'networking: {}\nkind: Cluster\n'])
      expect(parse(withFamily(config, 'ipv6')), config).to.deep.equal({
        kind: 'Cluster',
        networking: { ipFamily: 'ipv6' },
      });
  });

  it('does not fold long lines, and keeps the comment of what it changes', () => {
    const long = `kubeadm --with ${'a-word '.repeat(40)}end`;
    const changed = withFamily(`networking:\n  ipFamily: ipv6 # mine\npatch: ${long}\n`, 'dual');
    expect(changed).to.equal(`networking:\n  ipFamily: dual # mine\npatch: ${long}\n`);
  });

  for (const config of ['', '- role: worker', 'kind: [', 'networking: 5', 'networking: [dual]', 'a: 1\n---\nb: 2\n'])
    it(`refuses what is no configuration of kind: ${JSON.stringify(config)}`, () => {
      expect(() => withFamily(config, 'dual'))
        .to.throw(PodreachError, "the cluster's configuration can't be changed to dual")
        .with.property('hint')
        .that.contains('https://kind.sigs.k8s.io/');
    });

  it('asks for what kind takes, whatever the file says: one subnet of each wanted family, and none other', () => {
    const family = fc.constantFrom<IpFamily>('ipv4', 'ipv6', 'dual');
    const subnets = fc.constantFrom(undefined, '10.1.0.0/16', 'fd00:1::/56', '10.1.0.0/16,fd00:1::/56');
    const networking = fc.record({ ipFamily: family, podSubnet: subnets, serviceSubnet: subnets });
    fc.assert(
      fc.property(networking, family, (from, wanted) => {
        const changed = withFamily(configOf(JSON.parse(JSON.stringify(from))), wanted);
        expect(familyOf(changed)).to.equal(wanted);
        for (const key of ['podSubnet', 'serviceSubnet'] as const)
          expect(subnetsOf(changed, key).map((subnet) => (subnet.includes(':') ? 'ipv6' : 'ipv4'))).to.have.members(
            wanted === 'dual' ? ['ipv4', 'ipv6'] : [wanted],
          );
        expect(withFamily(changed, wanted)).to.equal(changed);
      }),
    );
  });
});
