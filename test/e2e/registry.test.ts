import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { execa } from 'execa';
import { controlPlane, kindProgram } from '../../src/cluster/kind.ts';
import { connect, pathOf } from '../../src/kube/index.ts';
import { silent } from '../../src/progress.ts';
import { loadScenarios, podsOf, type Scenario } from '../../src/scenario/index.ts';
import {
  cellsOf,
  type JsonReport,
  keptKubeconfig,
  podreach,
  removeCopies,
  said,
  start,
  temporaryFolder,
} from './door.ts';
import { CELL, plant, scenarioWithPair, unpacked } from './registry/planted-bug.ts';
import { createSecondCluster } from './registry/second-cluster.ts';
import { type Registry, startRegistry } from './registry/server.ts';

const PROBE = 'e2e-test-images/agnhost';
const STUB = '#!/bin/sh\necho "$(basename "$0") $*: nothing is to be built" >&2\nexit 1\n';

/** The images that Calico's manifest names. */
const calicoImages = (manifest: string) => [
  ...new Set([...manifest.matchAll(/^\s*image: (\S+)/gm)].map(([, name = '']) => name)),
];

describe('a cluster from a mirror', () => {
  let registry: Registry;
  let nodeImage: string;
  let flags: readonly string[];
  let env: Readonly<Record<string, string>>;
  let name = '';
  let kubeconfig = '';
  let keptNodes: readonly string[];

  /** podreach with an empty cache, and without the programs that build. */
  const run = (...args: readonly string[]) =>
    execa(process.execPath, ['src/cli.ts', ...args], {
      reject: false,
      all: true,
      stdin: 'ignore',
      env: { ...env, NO_COLOR: '1' },
    });

  /** The nodes of the cluster from the mirror: no others were made of this cache. */
  const ownNodes = () => nodesOf(name);

  before(async () => {
    const { stdout: images } = await podreach('cluster', 'images');
    const [, node = '', generation = ''] = /^node +(podreach\/node:(\S+))/m.exec(images) ?? [];
    const [, manifestFile = ''] = /^Calico +(\S+)/m.exec(images) ?? [];
    const [, probe = ''] = /^probe +(\S+)/m.exec(images) ?? [];
    const { stdout: up } = await podreach('cluster', 'up');
    const [, kept = ''] = /^cluster (\S+) is up/m.exec(up) ?? [];
    keptNodes = await nodesOf(kept);
    registry = await startRegistry(generation);
    const calico = calicoImages(await readFile(manifestFile, 'utf8'));
    await loadFromNode(controlPlane(kept), [...calico, probe]);
    await registry.push(node, 'mirrored/kindest/node:test');
    for (const image of calico) {
      await registry.push(image, `mirrored/${image.replace(/^[^/]+\//, '')}`);
      await execa('docker', ['rmi', image]);
    }
    await registry.push(probe, `mirrored/${PROBE}:test`);
    for (const tag of ['other', 'second']) await registry.push(probe, `mirrored/${PROBE}:${tag}`);
    nodeImage = node;
    const tools = await temporaryFolder();
    await symlink(await kindProgram(silent).then(found), join(tools, 'kind'));
    for (const program of ['go', 'mmdebstrap']) await writeFile(join(tools, program), STUB, { mode: 0o755 });
    env = {
      PATH: `${tools}:${process.env.PATH}`,
      XDG_CACHE_HOME: await temporaryFolder(),
      DOCKER_CONFIG: registry.dockerConfig,
    };
    flags = [
      ...['--mirror', `${registry.host}/mirrored`, '--registry-ca', registry.caFile, '--calico', manifestFile],
      ...['--node-image', 'kindest/node:test', '--probe-image', `registry.k8s.io/${PROBE}:test`],
      ...['--config', fileURLToPath(new URL('single-node.yaml', import.meta.url))],
    ];
  });

  after(async () => {
    if (env) await run('cluster', 'down');
    await registry?.stop();
    await removeCopies();
  });

  it('proves scenarios, with nothing built and nothing pulled from elsewhere', async () => {
    const file = join(await temporaryFolder(), 'run.json');
    const { exitCode, all } = await run(
      ...['run', '--keep', 'scenarios/egress-to-cidr'],
      ...[...flags, '--reporter', `terminal,json=${file}`],
    );
    expect(exitCode, all).to.equal(0);
    expect(all).not.to.match(/\bbuilding\b/);
    expect(all).to.contain(`pulling ${registry.host}/mirrored/kindest/node:test`);
    expect(all).not.to.contain(registry.password);
    const cells = cellsOf(JSON.parse(await readFile(file, 'utf8')) as JsonReport);
    // From three pods to a port of two pods each and four of hosts, and from three hosts to those of the pods.
    expect(cells).to.have.length(3 * 6 + 3 * 2);
    const requests = (await registry.requests()).join('\n');
    for (const image of [
      'kindest/node/manifests/test',
      'calico/node/manifests/',
      'calico/cni/manifests/',
      `${PROBE}/manifests/test`,
    ]) {
      expect(requests, image).to.contain(`/v2/mirrored/${image}`);
    }
  });

  it('gives its image to a cluster that podreach is only shown', async () => {
    const { stdout } = await run('cluster', 'up', ...flags);
    [, name = '', kubeconfig = ''] = /^cluster (\S+) is up\s+kubectl --kubeconfig (\S+)/.exec(stdout) ?? [];
    const given = ['--context', `kind-${name}`, '--kubeconfig', kubeconfig];
    const image = ['--mirror', `${registry.host}/mirrored`, '--probe-image', `registry.k8s.io/${PROBE}:other`];
    const { exitCode, all } = await run('run', 'scenarios/deny-all', ...given, ...image);
    expect(exitCode, all).to.equal(0);
    expect((await registry.requests()).join('\n')).to.contain(`/v2/mirrored/${PROBE}/manifests/other`);
  });

  it('has a bug of the CNI, found on the shared cluster by a search that was killed once, reproduced here with kubectl and sh alone', async () => {
    const scenario = await scenarioWithPair();
    const folder = await temporaryFolder();
    const [small, bundle] = [join(folder, 'small'), join(folder, 'bug.tar.gz')];
    const search = ['minimize', scenario, '--cell', CELL, '--output', small, '--bundle', bundle, '--live', '--keep'];
    await plant(keptNodes, '-I');
    try {
      const killed = start(...search);
      await said(killed, /try 1: 0 policies/);
      killed.kill('SIGKILL');
      await killed;
      const { exitCode, stdout, all } = await podreach(...search);
      expect(exitCode, all).to.equal(0);
      // The first look and that try, and others if it was killed late.
      expect(all).to.match(/going on after \d+ tries of earlier runs/);
      expect(stdout).to.contain(
        'minimize-dev/client -> minimize-prod/web 80/TCP is dropped, although no policy applies to it.',
      );
    } finally {
      await plant(keptNodes, '-D');
    }
    const client = connect(await keptKubeconfig());
    const left = await client.list(pathOf('Namespace')).finally(() => client.close());
    const ours = left.filter(({ metadata }) => metadata.name.startsWith('minimize-'));
    expect(ours.filter(({ metadata }) => metadata.deletionTimestamp === undefined)).to.deep.equal([]);
    const [smallest] = await loadScenarios([small]);
    expect(podsOf((smallest as Scenario).steps[0].topology).map(({ endpoint }) => endpoint)).to.deep.equal([
      ...['minimize-prod/web', 'minimize-dev/client'],
    ]);
    const image = `${registry.host}/mirrored/${PROBE}:test`;
    const [node = ''] = await ownNodes();
    const { folder: unpackedTo, reproduce } = await unpacked(bundle, { node, kubeconfig, image });
    expect(await readFile(join(unpackedTo, 'counters.txt'), 'utf8')).to.match(
      /\d+ -> \d+ {2}-A FORWARD -s 192\.168\.93\.11\S* -d 192\.168\.93\.12\S* -j DROP/,
    );
    const without = await reproduce();
    expect(without, without.all).to.include({ exitCode: 1, last: 'not reproduced' });
    await plant([node], '-I');
    const planted = await reproduce().finally(() => plant([node], '-D'));
    expect(planted, planted.all).to.include({ exitCode: 0, last: 'reproduced' });
  });

  it('gives its image to a cluster that podreach did not make, and reports in one sentence that its CNI ignores policies', async () => {
    const second = await createSecondCluster(nodeImage, registry);
    try {
      const image = ['--mirror', `${registry.host}/mirrored`, '--probe-image', `registry.k8s.io/${PROBE}:second`];
      const { exitCode, stdout, stderr } = await run('run', 'scenarios/deny-all', ...second.flags, ...image);
      expect(exitCode, stderr).to.equal(2);
      expect(stderr).to.contain('does not enforce NetworkPolicies');
      // Instead of a hundred mismatches.
      expect(stdout).not.to.contain('expected deny');
      expect(stdout + stderr).not.to.contain(registry.password);
      // No other test asks for this tag.
      expect((await registry.requests()).join('\n')).to.contain(`/v2/mirrored/${PROBE}/manifests/second`);
    } finally {
      await second.remove();
    }
  });

  it('says what is missing if the Engine is not logged in, or does not know the image', async () => {
    const absent = await run('cluster', 'images', ...flags, '--node-image', 'kindest/node:of-nobody');
    expect(absent.exitCode).to.equal(2);
    expect(absent.stderr).to.match(
      /pulling \S+\/kindest\/node:of-nobody: docker pull exited with 1[\s\S]*--node-image/,
    );
    env = { ...env, DOCKER_CONFIG: await temporaryFolder() };
    const stranger = await run('cluster', 'images', ...flags, '--node-image', 'kindest/node:of-nobody');
    expect(stranger.exitCode).to.equal(2);
    expect(stranger.stderr).to.contain(`docker login ${registry.host}`);
    env = { ...env, DOCKER_CONFIG: registry.dockerConfig };
  });

  it('says exactly that the cluster went away when it does in the middle, exits 2, and cleans up', async () => {
    const [own = ''] = await ownNodes();
    const running = run('run', '--keep', 'scenarios/deny-all', 'scenarios/complex-policy', ...flags);
    await said(running, /proving that the cluster enforces policies …/);
    await execa('docker', ['kill', own]);
    const { exitCode, stderr } = await running;
    expect(exitCode, stderr).to.equal(2);
    expect(stderr).to.contain('the cluster stopped answering in the middle of the run');
    expect(stderr).to.contain('hint:');
    const down = await run('cluster', 'down');
    expect(down.exitCode, down.all).to.equal(0);
    expect(await ownNodes()).to.deep.equal([]);
  });
});

const nodesOf = async (cluster: string): Promise<readonly string[]> => {
  const filter = ['--filter', `label=io.x-k8s.kind.cluster=${cluster}`];
  const { stdout } = await execa('docker', ['ps', '--all', ...filter, '--format', '{{.Names}}']);
  return stdout.split('\n').filter((line) => line !== '');
};

const found = async (program: string) => (program.includes('/') ? program : (await execa('which', [program])).stdout);

/** Writes a whole archive or none. */
const EXPORT = `
archive=$1; shift
ctr --namespace k8s.io images export "$archive.unfinished" "$@" && mv "$archive.unfinished" "$archive"
`;
const ATTEMPTS = 3;

/**
 * Has the Engine take images from a node: by a file, because `docker exec` may cut off what it prints, and again if that
 * came to nothing, because it may also return too early.
 */
const loadFromNode = async (node: string, images: readonly string[], attempt = 1): Promise<void> => {
  const folder = await temporaryFolder();
  const archive = `/podreach-test-images-${attempt}.tar`;
  const file = join(folder, 'images.tar');
  try {
    await execa('docker', ['exec', node, 'sh', '-c', EXPORT, 'export', archive, ...images]);
    await execa('docker', ['cp', `${node}:${archive}`, file]);
    await execa('docker', ['load', '--quiet', '--input', file]);
  } catch (error) {
    if (attempt === ATTEMPTS) throw error;
    await loadFromNode(node, images, attempt + 1);
  } finally {
    await execa('docker', ['exec', node, 'rm', '-f', archive]);
  }
};
