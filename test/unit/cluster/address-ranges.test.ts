import { expect } from 'chai';
import { type ClusterRange, clusterRanges, rangeAround } from '../../../src/cluster/address-ranges.ts';
import { parseRange } from '../../../src/model/index.ts';
import { inFolder } from '../scripts/temporary-folder.ts';

/** Docker as far as it is asked here: these are the subnets of the network `kind`. */
const dockerWith = (...subnets: readonly string[]): string => `#!/bin/sh
[ "$1 $2 $3 $4" = 'network inspect kind --format' ] || exit 64
printf '%s\\n' ${subnets.join(' ')}
`;
const NO_NETWORK = '#!/bin/sh\necho "Error response from daemon: network kind not found" >&2\nexit 1\n';

/** `its pods 10.244.0.0/16`, for a configuration and a Docker; without one where it is null. */
const rangesWith = async (config: string, docker: string | null = NO_NETWORK): Promise<readonly string[]> => {
  const before = process.env.PATH;
  let found: readonly ClusterRange[] = [];
  try {
    await inFolder(docker === null ? {} : { docker }, async (folder) => {
      process.env.PATH = folder;
      found = await clusterRanges(config);
    });
  } finally {
    process.env.PATH = before;
  }
  return found.map(({ what, range }) => `${what} ${range.text}`);
};

// https://kind.sigs.k8s.io/docs/user/configuration/#pod-subnet and #service-subnet
const DEFAULTS = ['its pods 10.244.0.0/16', 'its Services 10.96.0.0/16'];

describe('clusterRanges', () => {
  it("are kind's own if the configuration says nothing of them", async () => {
    expect(await rangesWith('kind: Cluster\nnodes: [{role: worker}]\n')).to.deep.equal(DEFAULTS);
    expect(await rangesWith('networking: {disableDefaultCNI: true}\n')).to.deep.equal(DEFAULTS);
    expect(await rangesWith('')).to.deep.equal(DEFAULTS);
    for (const odd of ['null', '5', '""', '[1]'])
      expect(await rangesWith(`networking: {podSubnet: ${odd}}\n`), odd).to.deep.equal(DEFAULTS);
    expect(await rangesWith('networking: {podSubnet: [\n')).to.deep.equal(DEFAULTS);
  });

  it('are what the configuration says, each for itself', async () => {
    expect(await rangesWith('networking: {podSubnet: 192.168.0.0/16}\n')).to.deep.equal([
      'its pods 192.168.0.0/16',
      DEFAULTS[1],
    ]);
    expect(await rangesWith('networking: {serviceSubnet: 10.55.0.0/16}\n')).to.deep.equal([
      DEFAULTS[0],
      'its Services 10.55.0.0/16',
    ]);
  });

  it('are both of two families', async () => {
    const config = `networking:
  podSubnet: 10.1.0.0/16,fd00:10:1::/56
  serviceSubnet: "10.2.0.0/16, fd00:10:2::/112"
`;
    expect(await rangesWith(config)).to.deep.equal([
      'its pods 10.1.0.0/16',
      'its pods fd00:10:1::/56',
      'its Services 10.2.0.0/16',
      'its Services fd00:10:2::/112',
    ]);
  });

  it("are kind's own of two families", async () => {
    expect(await rangesWith('networking: {ipFamily: dual, podSubnet: "10.1.0.0/16,fd00:10:1::/56"}\n')).to.deep.equal([
      'its pods 10.1.0.0/16',
      'its pods fd00:10:1::/56',
      'its Services 10.96.0.0/16',
      'its Services fd00:10:96::/112',
    ]);
    expect(await rangesWith('networking: {ipFamily: ipv6}\n')).to.deep.equal([
      'its pods fd00:10:244::/56',
      'its Services fd00:10:96::/112',
    ]);
  });

  it('leave out what is no range', async () => {
    expect(await rangesWith('networking: {podSubnet: "10.1.0.0/16,nonsense"}\n')).to.deep.equal([
      'its pods 10.1.0.0/16',
      DEFAULTS[1],
    ]);
  });

  it("hold the nodes' network once kind has made it", async () => {
    expect(await rangesWith('', dockerWith('fc00:f853:ccd:e793::/64', '172.18.0.0/16', "''"))).to.deep.equal([
      ...DEFAULTS,
      'its nodes fc00:f853:ccd:e793::/64',
      'its nodes 172.18.0.0/16',
    ]);
  });

  it('do without it where there is no Docker', async () => {
    expect(await rangesWith('', null)).to.deep.equal(DEFAULTS);
  });
});

describe('rangeAround', () => {
  const range = (what: string, text: string): ClusterRange => {
    const parsed = parseRange(text);
    return parsed ? { what, range: parsed } : expect.fail(`${text} is no range`);
  };
  const ranges = [
    range('its pods', '192.168.0.0/16'),
    range('its Services', '10.96.0.0/16'),
    range('its nodes', '172.18.0.0/16'),
    range('its nodes', 'fc00:f853:ccd:e793::/64'),
  ];

  const cases: Readonly<Record<string, string | undefined>> = {
    '192.168.0.0': '192.168.0.0/16',
    '192.168.255.255': '192.168.0.0/16',
    '192.167.255.255': undefined,
    '192.169.0.0': undefined,
    '10.96.0.1': '10.96.0.0/16',
    '172.17.5.10': undefined,
    '172.18.5.10': '172.18.0.0/16',
    'fc00:f853:ccd:e793::2': 'fc00:f853:ccd:e793::/64',
    'fc00:f853:ccd:e794::2': undefined,
    nonsense: undefined,
  };
  for (const [address, found] of Object.entries(cases))
    it(`finds ${found ?? 'none'} around ${address}`, () => {
      expect(rangeAround(address, ranges)?.range.text).to.equal(found);
    });

  it('reports what the range is for', () => {
    expect(rangeAround('10.96.0.1', ranges)?.what).to.equal('its Services');
  });
});
