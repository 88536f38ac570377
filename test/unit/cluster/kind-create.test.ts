import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createKindCluster } from '../../../src/cluster/kind.ts';
import { PodreachError } from '../../../src/errors.ts';
import { failureOf } from '../failure-of.ts';
import { inFolder } from '../scripts/temporary-folder.ts';

const dual = 'kind: Cluster\nnetworking: {ipFamily: dual}\n';
const failing = '#!/bin/sh\necho "ERROR: failed to create cluster: no luck" >&2\nexit 1\n';
/** Docker as far as it is asked here. */
const dockerSaying = (answer: string) => `#!/bin/sh
[ "$*" = 'network inspect kind --format {{.EnableIPv6}}' ] || exit 64
${answer}
`;

/** Runs `work` where these are the only programs on PATH. */
const withPrograms = async (programs: Readonly<Record<string, string>>, work: (folder: string) => Promise<void>) => {
  const before = process.env.PATH;
  try {
    await inFolder(programs, async (folder) => {
      process.env.PATH = folder;
      await work(folder);
    });
  } finally {
    process.env.PATH = before;
  }
};

describe('createKindCluster', () => {
  const create = (folder: string, config: string, more: { signal?: AbortSignal } = {}) =>
    createKindCluster(join(folder, 'kind'), {
      name: 'podreach-1a2b',
      kubeconfig: '/nowhere/kubeconfig',
      config,
      nodeImage: 'podreach/node:1',
      ...more,
    });

  it('hands kind the configuration through standard input', async () => {
    const kind = '#!/bin/sh\nhere=$(/usr/bin/dirname "$0")\n/bin/cat > "$here/config"\necho "$@" > "$here/arguments"\n';
    await withPrograms({ kind }, async (folder) => {
      await create(folder, dual);
      expect(await readFile(join(folder, 'config'), 'utf8')).to.equal(dual);
      expect(await readFile(join(folder, 'arguments'), 'utf8')).to.equal(
        'create cluster --name podreach-1a2b --config - --kubeconfig /nowhere/kubeconfig --image podreach/node:1\n',
      );
    });
  });

  const failure = async (config: string, docker: string, signal?: AbortSignal) => {
    let found = new Error('it did not fail');
    await withPrograms({ kind: failing, docker }, async (folder) => {
      found = await failureOf(create(folder, config, signal ? { signal } : {}));
    });
    expect(found).to.be.instanceOf(PodreachError);
    return found as PodreachError;
  };

  it("says that IPv6 is missing if kind's network has none", async () => {
    for (const config of [dual, 'networking: {ipFamily: ipv6}\n']) {
      const { message, hint } = await failure(config, dockerSaying('echo false'));
      expect(message).to.equal(
        `creating the cluster podreach-1a2b: it needs IPv6, but Docker's network "kind" has none`,
      );
      expect(hint).to.contain('https://docs.docker.com/engine/daemon/ipv6/').and.to.contain('docker network rm kind');
    }
  });

  for (const [what, config, docker] of [
    ['the network has IPv6', dual, dockerSaying('echo true')],
    ['there is no network', dual, dockerSaying('echo "network kind not found" >&2; exit 1')],
    ['the cluster needs none', 'kind: Cluster\n', dockerSaying('echo false')],
  ] as const)
    it(`reports what kind said if ${what}`, async () => {
      const { message, hint } = await failure(config, docker);
      expect(message).to.match(
        /^creating the cluster podreach-1a2b: \S+\/kind create exited with 1 after .*\nERROR: failed to create cluster: no luck$/,
      );
      expect(hint).to.contain('podreach doctor');
    });

  it('reports the interruption if there was one', async () => {
    const { message } = await failure(dual, dockerSaying('echo false'), AbortSignal.abort());
    expect(message).to.contain('was interrupted');
  });
});
