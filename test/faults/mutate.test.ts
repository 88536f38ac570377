import { expect } from 'chai';
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
          ...['--context', CONTEXT, '--kubeconfig', cluster.kubeconfig],
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
});
