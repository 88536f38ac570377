import { join } from 'node:path';
import { expect } from 'chai';
import type { IpFamily } from '../../../src/cluster/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import { checkHosts } from '../../../src/run/check-hosts.ts';
import { loadScenarios, type Scenario } from '../../../src/scenario/index.ts';
import { failureOf } from '../failure-of.ts';
import { inFolder } from '../scripts/temporary-folder.ts';

const DOCKER = `#!/bin/sh
[ "$1 $2 $3 $4" = 'network inspect kind --format' ] || exit 64
printf '%s\\n' 172.18.0.0/16 fc00:f853:ccd:e793::/64
`;

const scenario = (hosts: string) => `namespaces: {prod: {pods: {web: {ports: [80]}}}}
hosts: {${hosts}}
policies: []
expect: {default: allow}
`;

/** What is said against these hosts in a cluster of this configuration; the scenario's folder is left out. */
const objections = async (
  hosts: string,
  config: string,
  ipFamily?: IpFamily,
  asIs = (scenarios: readonly Scenario[]) => scenarios,
): Promise<readonly string[]> => {
  const before = process.env.PATH;
  let lines: readonly string[] = [];
  try {
    await inFolder({ docker: DOCKER, 'kind.yaml': config, 'one/scenario.yaml': scenario(hosts) }, async (folder) => {
      process.env.PATH = folder;
      const scenarios = await loadScenarios([join(folder, 'one')]);
      const checking = checkHosts(asIs(scenarios), { configFile: join(folder, 'kind.yaml'), ipFamily });
      const error = await checking.then(
        () => null,
        (failure: unknown) => failure,
      );
      if (error === null) return;
      expect(error).to.be.instanceOf(PodreachError);
      lines = (error as PodreachError).message.split('\n').map((line) => line.replace(/^\S*scenario\.yaml: /, ''));
    });
  } finally {
    process.env.PATH = before;
  }
  return lines;
};

describe('checkHosts', () => {
  const stock = 'kind: Cluster\nnetworking: {podSubnet: 192.168.0.0/16}\n';
  const hosts = 'a: {address: 192.168.7.1, ports: [80]}, b: {address: 172.17.5.10, ports: [80]}';

  it('refuses addresses of the cluster and takes others', async () => {
    expect(await objections(hosts, stock)).to.deep.equal([
      'host:a has 192.168.7.1, but the cluster uses 192.168.0.0/16 for its pods',
    ]);
    expect(await objections('b: {address: 172.18.5.10, ports: [80]}', stock)).to.deep.equal([
      'host:b has 172.18.5.10, but the cluster uses 172.18.0.0/16 for its nodes',
    ]);
    expect(await objections('b: {address: 172.17.5.10, ports: [80]}', stock)).to.deep.equal([]);
  });

  it('asks for the ranges of the family that the cluster is given', async () => {
    expect(await objections(hosts, stock, 'dual')).to.have.length(1);
    expect(await objections(hosts, stock, 'ipv6')).to.deep.equal([]);
    const six = 'kind: Cluster\nnetworking: {ipFamily: ipv6}\n';
    expect(await objections(hosts, six)).to.deep.equal([]);
    expect(await objections('a: {address: 10.244.1.1, ports: [80]}', six, 'ipv4')).to.deep.equal([
      'host:a has 10.244.1.1, but the cluster uses 10.244.0.0/16 for its pods',
    ]);
  });

  it('looks at the hosts of every step, and reports each once', async () => {
    const withMore = (scenarios: readonly Scenario[]) =>
      scenarios.map((one): Scenario => {
        const [first] = one.steps;
        const without = { ...first, topology: { ...first.topology, hosts: [] } };
        return { ...one, steps: [without, first, first] };
      });
    expect(await objections(hosts, stock, undefined, withMore)).to.have.length(1);
  });

  it('looks for no configuration if there is no host', async () => {
    await checkHosts([], { configFile: '/nowhere/kind.yaml' });
  });

  it('needs the configuration if there is one', () =>
    inFolder({ 'one/scenario.yaml': scenario(hosts) }, async (folder) => {
      const scenarios = await loadScenarios([join(folder, 'one')]);
      const { message } = await failureOf(checkHosts(scenarios, { configFile: '/nowhere/kind.yaml' }));
      expect(message).to.equal("the cluster's configuration /nowhere/kind.yaml can't be read");
    }));
});
