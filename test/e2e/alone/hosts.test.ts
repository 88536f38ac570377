import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import {
  cellsOf,
  copyScenario,
  edit,
  type JsonCell,
  keptKubeconfig,
  podreach,
  removeCopies,
  runJson,
  start,
} from '../door.ts';

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
  after(removeCopies);

  // One run for all of them, after one that was killed: they pin no address twice.
  describe('on a machine whose Docker Engine has not their image yet', () => {
    let image: string;
    let run: Awaited<ReturnType<typeof runJson>>;
    let leftByKilled: readonly string[];
    const cellsIn = (scenario: string): readonly JsonCell[] =>
      cellsOf({ scenarios: run.report.scenarios.filter(({ name }) => name === scenario) });

    before(async () => {
      image = /^probe\s+(\S+)$/m.exec((await podreach('cluster', 'images')).stdout)?.[1] ?? '';
      await keptKubeconfig();
      const folders = [await withoutException(), await withLongPrefix(), await withOtherLinkLocal()];
      // The Engine's alone: the nodes have a copy of their own.
      await execa('docker', ['rmi', '--force', image], { reject: false });
      expect(await lines('images', '--quiet', image)).to.deep.equal([]);
      const killed = start('run', '--keep', 'scenarios/allow-external-traffic');
      const deadline = Date.now() + 180_000;
      const isIncomplete = async () => (await hosts()).length < 3 || (await leftOnNodes()).length === 0;
      while ((await isIncomplete()) && Date.now() < deadline) await sleep(200);
      killed.kill('SIGKILL');
      await killed;
      leftByKilled = await hosts();
      run = await runJson(...folders, 'scenarios/egress-to-cidr');
    });

    it('come up, several at the same moment', async () => {
      expect(leftByKilled).to.have.length(3);
      expect(await lines('images', '--quiet', image)).to.have.length(1);
      expect(run.exitCode, run.all).to.equal(1);
      // The servers outside see the nodes, for what leaves the cluster carries their addresses.
      const toHosts = cellsIn('egress-to-cidr').filter(
        ({ to, observed }) => to.startsWith('host:') && observed === 'allowed',
      );
      expect(toHosts).to.have.length.above(5);
      for (const { detail } of toHosts) expect(detail).to.match(/wget: seen as \d+\.\d+\.\d+\.\d+ after/);
    });

    it('are gone after the run, and after a run that was killed when the next one begins', async () => {
      expect(await hosts()).to.deep.equal([]);
      expect(await leftOnNodes()).to.deep.equal([]);
    });

    it('report when an exception is left out, and when a prefix is too long', () => {
      expect(wrong(cellsIn('without-exception'))).to.deep.equal(['host:quarantined allow']);
      expect(wrong(cellsIn('long-prefix'))).to.deep.equal(['host:office deny', 'host:quarantined allow']);
    });

    // The scenario as it is runs with all paths, in paths.test.ts.
    it('have link-local addresses, which ipBlocks and exceptions match in either direction', () => {
      const [into, others] = [true, false].map((isInto) =>
        cellsIn('link-local').filter(({ from, to }) => from !== to && (to === 'prod/other') === isInto),
      );
      const seen = Object.fromEntries((into ?? []).map(({ from, observed }) => [from, observed]));
      expect(seen, run.all).to.deep.equal({
        'prod/app': 'dropped',
        'prod/agent': 'dropped',
        'host:dns-cache': 'allowed',
        'host:metadata': 'dropped',
        'host:office': 'dropped',
      });
      const differing = (others ?? [])
        .filter(({ expected, observed }) => expected !== null && (expected === 'allow') !== (observed === 'allowed'))
        .map(({ from, to, port, protocol, observed }) => `${from} -> ${to} ${port}/${protocol} ${observed}`);
      expect(differing).to.have.members([
        'prod/app -> host:metadata 80/TCP allowed',
        'prod/app -> host:dns-cache 53/TCP dropped',
        'prod/app -> host:dns-cache 53/UDP dropped',
      ]);
    });
  });
});

const EXTERNAL = 'policies/allow-external-traffic.yaml';

const withoutException = async (): Promise<string> => {
  const folder = await copyScenario('allow-external-traffic');
  await edit(`${folder}/scenario.yaml`, (text) => text.replace(/^name: .*$/m, 'name: without-exception'));
  await edit(`${folder}/${EXTERNAL}`, (text) => text.replace(/ +except: .*\n/, ''));
  return folder;
};

/** Its pods have other addresses than the scenario's own, so that both run at the same time. */
const withLongPrefix = async (): Promise<string> => {
  const folder = await copyScenario('allow-external-traffic');
  await edit(`${folder}/scenario.yaml`, (text) =>
    text.replace(/^name: .*$/m, 'name: long-prefix').replaceAll('address: 192.168.77.', 'address: 192.168.78.'),
  );
  // It ends with 172.17.3.255.
  await edit(`${folder}/${EXTERNAL}`, (text) =>
    text.replace(/ +except: .*\n/, '').replace('172.17.0.0/16', '172.17.0.0/22'),
  );
  return folder;
};

const withOtherLinkLocal = async (): Promise<string> => {
  const folder = await copyScenario('paths/link-local');
  await edit(`${folder}/policies/app.yaml`, (text) =>
    text.replace('169.254.0.0/16', '169.254.20.0/24').replace('169.254.20.10/32', '169.254.20.11/32'),
  );
  await edit(`${folder}/policies/agent.yaml`, (text) =>
    text.concat(`---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: other, namespace: prod}
spec:
  podSelector: {matchLabels: {app: other}}
  policyTypes: [Ingress]
  ingress: [{from: [{ipBlock: {cidr: 169.254.20.10/32}}]}]
`),
  );
  return folder;
};

/** The sources that prod/web:80 treats otherwise than expected, with what the model says of them. */
const wrong = (cells: readonly JsonCell[]): readonly string[] =>
  cells
    .filter(({ expected, observed }) => expected !== null && (expected === 'allow') !== (observed === 'allowed'))
    .map(({ from, to, port, model }) => {
      expect(`${to} ${port}`).to.equal('prod/web 80');
      return `${from} ${model}`;
    });
