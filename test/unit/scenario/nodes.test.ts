import { expect } from 'chai';
import { load, refusal } from './temporary-folder.ts';

const topologyOf = async (yaml: string) => {
  const topology = (await load({ 'scenario.yaml': `${yaml}policies: []\n` }))[0]?.steps[0].topology;
  return topology ?? expect.fail('no scenario');
};

const told = async (yaml: string) => (await refusal({ 'scenario.yaml': `${yaml}policies: []\n` })).lines;

describe('pods of a scenario', () => {
  it('share the network of their node, or are probed by their kubelet, if they say so', async () => {
    const yaml =
      'namespaces: {p: {pods: {a: {hostNetwork: true, ports: [9100]}, b: {ports: [80], readiness: 80}, c: {}}}}\n';
    const [namespace] = (await topologyOf(yaml)).namespaces;
    const [a, b, c] = namespace?.pods ?? [];
    expect(a).to.deep.include({ hostNetwork: true, ports: [{ number: 9100, protocol: 'TCP' }] });
    expect(b).to.include({ readiness: 80 }).and.not.have.any.keys('hostNetwork', 'addresses');
    expect(c).to.not.have.any.keys('hostNetwork', 'readiness', 'addresses');
    const plain = 'namespaces: {p: {pods: {a: {hostNetwork: false, ports: [80]}}}}\n';
    expect((await topologyOf(plain)).namespaces[0]?.pods[0]).to.not.have.property('hostNetwork');
  });

  it('and hosts have an address of each family, in the order in which they are written', async () => {
    const yaml = `namespaces: {p: {pods: {a: {address: [10.0.0.1, "fd00::1"]}, b: {address: ["fd00::2"]}}}}
hosts: {office: {address: ["fd00:5::10", 172.17.5.10]}, home: {address: "fd00:5::11"}}
`;
    const { namespaces, hosts } = await topologyOf(yaml);
    expect(namespaces[0]?.pods.map(({ addresses }) => addresses)).to.deep.equal([['10.0.0.1', 'fd00::1'], ['fd00::2']]);
    expect(hosts.map(({ addresses }) => addresses)).to.deep.equal([['fd00:5::10', '172.17.5.10'], ['fd00:5::11']]);
  });

  const wrong: Readonly<Record<string, readonly [pods: string, ...lines: readonly string[]]>> = {
    'a port that a node gives to root only': [
      '{a: {hostNetwork: true, ports: [1024, 1023/UDP, {name: x, port: 80}]}}',
      "1:62: port 1023/UDP is below 1024, which needs root in a node's network",
      "1:72: port 80/TCP is below 1024, which needs root in a node's network",
    ],
    "an address that is the node's": [
      '{a: {hostNetwork: true, address: 10.0.0.1}}',
      '1:57: a hostNetwork pod has the addresses of its node',
    ],
    'a kubelet that asks a port that is not there': [
      '{a: {ports: [80], readiness: 81}}',
      '1:53: p/a has no port "81/TCP"',
    ],
    'a kubelet that asks over UDP': ['{a: {ports: [53/UDP], readiness: 53}}', '1:57: p/a has no port "53/TCP"'],
    'two addresses of one family': [
      '{a: {address: [10.0.0.1, 10.0.0.2]}}',
      '1:49: a second IPv4 address: there can be only one of each family',
    ],
    'no address in a list': [
      '{a: {address: []}}',
      '1:38: expected an IP address, or a list of one IPv4 and one IPv6 address, got an empty one',
    ],
    'three addresses': [
      '{a: {address: [10.0.0.1, "fd00::1", "fd00::2"]}}',
      '1:38: expected an IP address, or a list of one IPv4 and one IPv6 address, got more',
    ],
    'what is no address in a list': [
      '{a: {address: [10.0.0.1, fd00]}}',
      '1:49: invalid address "fd00": expected an IP address, for example 192.168.77.10',
    ],
    'an address that another has in its list': [
      '{a: {address: [10.0.0.1, "fd00::1"]}, b: {address: "fd00:0::1"}}',
      '1:75: duplicate address fd00:0::1: p/a has it too',
    ],
  };
  for (const [what, [pods, ...lines]] of Object.entries(wrong))
    it(`refuse ${what}`, async () => {
      expect(await told(`namespaces: {p: {pods: ${pods}}}\n`)).to.deep.equal(
        lines.map((line) => `scenario.yaml:${line}`),
      );
    });

  const hosts: Readonly<Record<string, string>> = {
    'a link-local address': 'fe80::1',
    'a loopback address': '::1',
    'a multicast address': 'ff02::1',
    'no address at all': '::',
    "an IPv4 address in IPv6's clothes": '::ffff:172.17.5.10',
    'an address with a zone': 'fd00::1%eth0',
    'an IPv4 address with a leading zero': '172.17.05.10',
    // "The first 256 and last 256 addresses in the 169.254/16 prefix are reserved" (RFC 3927, 2.1)
    'one of the first link-local addresses': '169.254.0.255',
    'one of the last link-local addresses': '169.254.255.0',
  };
  for (const [what, address] of Object.entries(hosts))
    it(`refuse a host with ${what}`, async () => {
      const yaml = `namespaces: {p: {}}\nhosts: {a: {address: [10.0.0.1, ${JSON.stringify(address)}]}}\n`;
      expect(await told(yaml)).to.deep.equal([
        `scenario.yaml:2:33: invalid address ${JSON.stringify(address)}: expected one that a machine can have, for example 172.17.5.10 or fd00:5::10`,
      ]);
    });
});

describe('link-local hosts of a scenario', () => {
  it('stand for what each node or each machine of a cloud has under such an address', async () => {
    const addresses = ['169.254.20.10', '169.254.169.254', '169.254.1.2', '169.254.254.255'];
    for (const address of addresses) {
      const { hosts } = await topologyOf(`namespaces: {p: {}}\nhosts: {a: {address: ${address}}}\n`);
      expect(hosts[0]?.addresses).to.deep.equal([address]);
    }
  });

  it('are not the gateway of the pods', async () => {
    expect(await told('namespaces: {p: {}}\nhosts: {a: {address: 169.254.1.1}}\n')).to.deep.equal([
      'scenario.yaml:2:22: invalid address "169.254.1.1": it is the gateway of each pod in a cluster with Calico',
    ]);
  });
});

describe('nodes of a scenario', () => {
  const pods = 'namespaces: {prod: {pods: {web: {ports: [80]}, agent: {hostNetwork: true}}}}\n';

  it('are the one that a pod runs on, or another', async () => {
    const yaml = `${pods}nodes: {own: {with: prod/web, ports: [9100]}, other: {without: prod/web}}\n`;
    expect((await topologyOf(yaml)).nodes).to.deep.equal([
      {
        endpoint: 'node:own',
        name: 'own',
        runs: { pod: 'prod/web', there: true },
        ports: [{ number: 9100, protocol: 'TCP' }],
      },
      { endpoint: 'node:other', name: 'other', runs: { pod: 'prod/web', there: false }, ports: [] },
    ]);
  });

  const wrong: Readonly<Record<string, readonly [nodes: string, ...lines: readonly string[]]>> = {
    neither: ['{own: {}}', '2:14: expected one of the keys with and without, and a pod'],
    'both at once': [
      '{own: {with: prod/web, without: prod/web}}',
      '2:14: expected one of the keys with and without, and a pod',
    ],
    'a pod that is not there': [
      '{own: {with: prod/wbe}, other: {without: prod/wbe}}',
      '2:21: "prod/wbe" is not a pod with its own network; the nearest valid pod is "prod/web"',
      '2:49: "prod/wbe" is not a pod with its own network; the nearest valid pod is "prod/web"',
    ],
    'a pod that has no network of its own': [
      '{own: {with: prod/agent}}',
      '2:21: "prod/agent" is not a pod with its own network; the nearest valid pod is "prod/web"',
    ],
    'a port that a node gives to root only': [
      '{own: {with: prod/web, ports: [80]}}',
      "2:39: port 80/TCP is below 1024, which needs root in a node's network",
    ],
    'a port twice': ['{own: {with: prod/web, ports: [9100, 9100]}}', '2:45: duplicate port 9100/TCP'],
    'a name that is no DNS label': [
      '{Own: {with: prod/web}}',
      '2:9: invalid node name "Own": lower-case letters, digits and "-", a letter or digit at both ends',
    ],
    'a misspelt key': ['{own: {wiht: prod/web}}', '2:15: unknown key "wiht"; the nearest valid key is "with"'],
  };
  for (const [what, [nodes, ...lines]] of Object.entries(wrong))
    it(`refuse ${what}`, async () => {
      expect(await told(`${pods}nodes: ${nodes}\n`)).to.deep.equal(lines.map((line) => `scenario.yaml:${line}`));
    });
});
