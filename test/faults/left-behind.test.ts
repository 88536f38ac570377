import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { failure } from './cluster/answers.ts';
import { CONTEXT, type Hooks, startCluster } from './cluster/simulated-cluster.ts';
import { inside } from './in-process.ts';

const ONE = 'test/faults/scenarios/one';

/** Refuses to delete any namespace, as an admission webhook may. */
const keepsNamespaces: Hooks = {
  request: ({ method, url }) =>
    method === 'DELETE' && /\/namespaces\/[^\/]+$/v.test(url.pathname)
      ? failure(403, 'admission webhook "keep" denied the request')
      : undefined,
};

/** The CNI forgets the policies of the scenario. */
const forgets: Hooks = { way: ({ to, state }) => (to.metadata.namespace?.startsWith('prod-') ? 'open' : state) };

describe('what could not be removed', () => {
  // Removes its temporary folder, and so ours.
  const { run } = inside();
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podreach-left-'));
    await cp(ONE, join(folder, 'open'), { recursive: true });
    await rm(join(folder, 'open/policies/web.yaml'));
  });

  const commands: readonly (readonly [args: () => readonly string[], result: RegExp, hooks?: Hooks])[] = [
    [() => ['run', ONE], /1 passed/v],
    [() => ['mutate', ONE, '--live', '1'], /live, 1 of 1 mutants? as predicted/v],
    [() => ['watch', ONE, '--for', '1s'], /watched/v],
    [() => ['compare', '--live', '--no-record', join(folder, 'open'), ONE], /passed: both states/v],
    [
      () => ['minimize', ONE, '--live', '--cell', 'dev/client prod/db 5432', '--output', join(folder, 'small')],
      /scenario\.yaml/v,
      forgets,
    ],
  ];
  for (const [args, result, hooks = {}] of commands) {
    const [command = ''] = args();
    it(`is told by ${command} after its result`, async function () {
      this.timeout(100_000);
      const cluster = await startCluster();
      try {
        cluster.interfere({ ...keepsNamespaces, ...hooks });
        const where = ['--context', CONTEXT, '--kubeconfig', cluster.kubeconfig];
        const { exitCode, text } = await run([...args(), ...where], 90_000);
        const left = text.search(/^podreach: this run could not remove everything that it created/m);
        expect(exitCode, text).to.equal(2);
        expect(left, text).to.be.at.least(0);
        expect(text.search(result), text).to.be.within(0, left);
      } finally {
        await cluster.close();
      }
    });
  }
});
