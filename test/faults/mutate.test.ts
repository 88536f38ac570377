import { expect } from 'chai';
import { failure } from './cluster/answers.ts';
import { CONTEXT, startCluster } from './cluster/simulated-cluster.ts';
import { inside } from './in-process.ts';

describe('mutants on running pods', () => {
  const { run } = inside();

  /** The outcome of each of so many mutants of a scenario. */
  const tried = async (
    count: number,
    interfere?: Parameters<Awaited<ReturnType<typeof startCluster>>['interfere']>[0],
  ) => {
    const cluster = await startCluster();
    try {
      if (interfere) cluster.interfere(interfere);
      const { exitCode, text } = await run(
        [
          ...['mutate', 'test/faults/scenarios/one', '--live', `${count}`],
          ...['--context', CONTEXT, '--kubeconfig', cluster.kubeconfig, '--settle-timeout', '5000'],
        ],
        90_000,
      );
      const outcomes = [...text.matchAll(/^ {2}(killed|survived|otherwise|error) .*: prod\/(.*)$/gm)].map(
        ([, outcome, what]) => `${outcome}: ${what}`,
      );
      return { exitCode, text, outcomes };
    } finally {
      await cluster.close();
    }
  };

  it('come out as predicted', async function () {
    this.timeout(100_000);
    const { exitCode, text, outcomes } = await tried(2);
    expect(outcomes, text).to.have.length(2);
    expect(
      outcomes.filter((one) => one.startsWith('killed: ')),
      text,
    ).to.have.length.above(0);
    expect(text).to.contain('live, 2 of 2 mutants as predicted');
    // Three others are missed.
    expect(exitCode, text).to.equal(1);
  });

  it('are a finding where the CNI forgets every policy', async function () {
    this.timeout(100_000);
    const { exitCode, text, outcomes } = await tried(1, {
      way: ({ to, state }) => (to.metadata.namespace?.startsWith('prod-') ? 'open' : state),
    });
    expect(outcomes[0], text).to.match(/^otherwise: /);
    expect(text).to.match(/ -> prod\/\w+ \d+\/\w+: the model says deny, seen allowed/);
    expect(exitCode, text).to.equal(1);
  });

  it('are reported as far as they were tried, if the cluster breaks on the way', async function () {
    this.timeout(100_000);
    // Some mutants put theirs in force, and then the cluster breaks.
    let policies = 0;
    const { exitCode, text, outcomes } = await tried(3, {
      request: ({ method, url }) => {
        if (method === 'PATCH' && url.pathname.includes('/networkpolicies/')) policies += 1;
        return policies > 6 ? failure(503, 'etcdserver: no leader') : undefined;
      },
    });
    expect(outcomes.length, text).to.be.within(1, 2);
    expect(text).to.contain(`${3 - outcomes.length} of 3 mutants not tried`);
    // What the model says of all of them is there as well, before what broke.
    expect(text).to.match(/no expected cell would notice:.*\npodreach: the cluster stopped answering/s);
    expect(exitCode, text).to.equal(2);
  });
});
