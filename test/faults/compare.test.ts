import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CONTEXT, startCluster } from './cluster/simulated-cluster.ts';
import { inside } from './in-process.ts';

const APPS = ['web', 'client']
  .map(
    (name) => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: prod, labels: {app: ${name}}}
spec: {containers: [{name: main, image: x, ports: [{containerPort: 80}]}]}
`,
  )
  .join('');

const policy = (app: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: prod}
spec:
  podSelector: {matchLabels: {app: ${app}}}
  ingress: []
`;

describe('a comparison, on a cluster that does something else', () => {
  // Removes its temporary folder, and so ours.
  const { run } = inside();
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podreach-compare-'));
    await writeFile(join(folder, 'apps.yaml'), APPS);
    await writeFile(join(folder, 'before.yaml'), policy('nobody'));
    await writeFile(join(folder, 'after.yaml'), policy('web'));
  });

  it('fails where a policy closes less than is predicted, and says which cells', async function () {
    this.timeout(100_000);
    const cluster = await startCluster();
    try {
      // The CNI forgets one policy.
      cluster.interfere({ way: ({ to, state }) => (to.metadata.namespace?.startsWith('prod-') ? 'open' : state) });
      const json = join(folder, 'compare.json');
      const { exitCode, text } = await run(
        [
          ...[
            'compare',
            '--live',
            '--no-record',
            '--settle-timeout',
            '5000',
            '--context',
            CONTEXT,
            '--kubeconfig',
            cluster.kubeconfig,
          ],
          ...['--reporter', `terminal,json=${json}`, '--with', join(folder, 'apps.yaml')],
          ...[join(folder, 'before.yaml'), join(folder, 'after.yaml')],
        ],
        90_000,
      );
      expect(exitCode, text).to.equal(1);
      expect(text).to.match(/prod\/client -> prod\/web 80\/TCP \(1 of 1 NOT so live\)/);
      expect(text).to.match(/the CNI and the specification disagree/);
      const [{ live, groups }] = JSON.parse(await readFile(json, 'utf8')).comparisons;
      expect(live).to.include({ status: 'fail', untimed: 'not-asked' });
      expect(groups).to.have.length(1);
    } finally {
      await cluster.close();
    }
  });
});
