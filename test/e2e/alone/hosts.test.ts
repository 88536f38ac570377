import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { cellsOf, keptKubeconfig, podreach, runJson, start } from '../door.ts';

const lines = async (...args: string[]): Promise<string[]> =>
  (await execa('docker', args)).stdout.split('\n').filter((line) => line !== '');

/** The containers of hosts outside the cluster. */
const hosts = () => lines('ps', '--all', '--filter', 'label=podreach/host', '--format', '{{.Names}}');

/** What a host has left on any node: devices, and rules that lead nowhere. */
const leftOnNodes = async (): Promise<string[]> => {
  const nodes = await lines('ps', '--filter', 'label=io.x-k8s.kind.cluster', '--format', '{{.Names}}');
  const show = 'ip -oneline link show type vxlan; ip rule show';
  const shown = await Promise.all(nodes.map((node) => lines('exec', node, 'sh', '-c', show)));
  return shown.flat().filter((line) => /prh|^1000:/.test(line));
};

describe('hosts outside the cluster', () => {
  // The run that is killed takes the image from a node.
  it('come up where the Docker Engine lacks their image, and are gone after a run, also after one that was killed', async () => {
    const image = /^probe\s+(\S+)$/m.exec((await podreach('cluster', 'images')).stdout)?.[1] ?? '';
    await keptKubeconfig();
    // The Engine's alone: the nodes have a copy of their own.
    await execa('docker', ['rmi', '--force', image], { reject: false });
    expect(await lines('images', '--quiet', image)).to.deep.equal([]);
    const killed = start('run', '--keep', 'scenarios/allow-external-traffic');
    const deadline = Date.now() + 180_000;
    const isIncomplete = async () => (await hosts()).length < 3 || (await leftOnNodes()).length === 0;
    while ((await isIncomplete()) && Date.now() < deadline) await sleep(200);
    killed.kill('SIGKILL');
    await killed;
    expect(await hosts()).to.have.length(3);
    expect(await lines('images', '--quiet', image)).to.have.length(1);
    const { exitCode, report, all } = await runJson('scenarios/egress-to-cidr');
    expect(exitCode, all).to.equal(0);
    // The servers outside see the nodes, for what leaves the cluster carries their addresses.
    const toHosts = cellsOf(report).filter(({ to, observed }) => to.startsWith('host:') && observed === 'allowed');
    expect(toHosts).to.have.length.above(5);
    for (const { detail } of toHosts) expect(detail).to.match(/wget: seen as \d+\.\d+\.\d+\.\d+ after/);
    expect(await hosts()).to.deep.equal([]);
    expect(await leftOnNodes()).to.deep.equal([]);
  });
});
