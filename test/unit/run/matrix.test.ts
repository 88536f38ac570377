import { expect } from 'chai';
import type { Endpoint } from '../../../src/deploy/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import { nodesOf, takeMatrix } from '../../../src/run/matrix.ts';
import { runScenario } from '../../../src/run/scenario.ts';
import { probesIn } from '../../../src/scenario/index.ts';
import { pathKey } from '../../../src/settle/index.ts';
import { endpoint, OPEN, service, TIMED_OUT } from '../probe/fake-targets.ts';
import { skipPauses } from '../skip-pauses.ts';
import { fakeCanary, fakeDeployment, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';

const CELL = 'prod/client > prod/web';
const OPTIONS = { timeoutMs: 2000, pauseMs: 1 };
const PROBES = probesIn(topologyOf(), ['IPv4']);
const BROKEN = new Map([['n1 > n1 IPv4', 'no connection within 5 s']]);

const verdictOf = async (...all: Parameters<typeof takeMatrix>) => {
  const { observations } = await takeMatrix(...all);
  return observations.find(({ from, to }) => `${from} > ${to}` === CELL)?.verdict;
};

describe('nodesOf', () => {
  it('reports where the pods run, each once, whatever else there is', () => {
    const on = (node: string, name: string) => [name, { ...endpoint(name, 0, []), node }] as const;
    const host = { kind: 'host' as const, endpoint: 'host:x', addresses: [], ports: [], container: 'c' };
    const endpoints = new Map<string, Endpoint>([on('n2', 'a/x'), on('n1', 'a/y'), on('n2', 'a/z')]);
    endpoints.set('host:x', host).set('svc:a/x', service(['a/x']));
    expect(nodesOf({ endpoints })).to.deep.equal(['n2', 'n1']);
  });
});

describe('takeMatrix', () => {
  it('tries the paths of its cells as it begins and after it has ended', async () => {
    const asked: { paths: readonly string[]; execs: number }[] = [];
    let execs = 0;
    const deployment = fakeDeployment(topologyOf(), () => {
      execs += 1;
      return OPEN;
    });
    const canary = fakeCanary({
      brokenPaths: async (paths) => {
        asked.push({ paths: paths.map(pathKey), execs });
        return new Map();
      },
    });
    await takeMatrix(deployment, canary, PROBES, OPTIONS);
    expect(asked).to.deep.equal([
      { paths: ['n1 > n1 IPv4'], execs: 0 },
      { paths: ['n1 > n1 IPv4'], execs },
    ]);
    expect(execs).to.be.above(0);
  });

  for (const [when, results] of [
    ['before', [BROKEN, new Map()]],
    ['after', [new Map(), BROKEN]],
  ] as const)
    it(`makes an error of what is blocked on a path that carried nothing ${when}`, async () => {
      const deployment = fakeDeployment(topologyOf(), (_asked, from) => (from === 'prod/client' ? TIMED_OUT : OPEN));
      const left = [...results];
      const canary = fakeCanary({ brokenPaths: async () => left.shift() ?? new Map() });
      expect(await verdictOf(deployment, canary, PROBES, OPTIONS)).to.equal('error');
      expect(await verdictOf(deployment, fakeCanary(), PROBES, OPTIONS)).to.equal('dropped');
    });

  it('is taken until two in a row agree if the agents have no known order', async () => {
    let matrices = 0;
    const canary = fakeCanary({
      isOrdered: false,
      settle: async () => 0,
      brokenPaths: async () => {
        matrices += 0.5;
        return new Map();
      },
    });
    // Closed as of the second matrix.
    const deployment = fakeDeployment(topologyOf(), (_asked, from) =>
      from === 'prod/client' && matrices > 1 ? TIMED_OUT : OPEN,
    );
    const { observations, agreement } = await takeMatrix(deployment, canary, PROBES, OPTIONS);
    expect(agreement).to.deep.equal({ matrices: 3, agreed: true });
    expect(observations.at(-1)?.verdict).to.equal('dropped');
    expect(await takeMatrix(deployment, fakeCanary(), PROBES, OPTIONS)).not.to.have.property('agreement');
  });
});

describe('runScenario', () => {
  skipPauses();

  it('settles the nodes on which its pods run', async () => {
    const settled: (readonly string[])[] = [];
    const canary = fakeCanary({
      settle: async (nodes) => {
        settled.push(nodes);
        return 1;
      },
    });
    await runScenario(scenarioOf('x'), fakeDeployment(), fakeStage({ canary: Promise.resolve(canary) }));
    expect(settled).to.deep.equal([['n1']]);
  });

  it('says of how many matrices a step is made', async () => {
    const canary = Promise.resolve(fakeCanary({ isOrdered: false }));
    const { steps, status } = await runScenario(scenarioOf('x'), fakeDeployment(), fakeStage({ canary }));
    expect(status).to.equal('pass');
    expect(steps.map(({ agreement }) => agreement)).to.deep.equal([{ matrices: 2, agreed: true }]);
  });

  it('judges no cell if the policies were changed while it probed', async () => {
    let probed = false;
    const deployment = fakeDeployment(topologyOf(), () => {
      probed = true;
      return OPEN;
    });
    const order: boolean[] = [];
    const changed = Object.assign(deployment, {
      requirePolicies: async () => {
        order.push(probed);
        throw new PodreachError('policy prod/deny is gone', { hint: 'look' });
      },
    });
    const { steps, status } = await runScenario(scenarioOf('x', [{ deny: true }]), changed, fakeStage());
    expect(status).to.equal('error');
    expect(steps).to.have.length(1);
    expect(steps[0]).to.deep.include({ problem: 'policy prod/deny is gone', hint: 'look', cells: [] });
    expect(order).to.deep.equal([true]);
  });
});
