import { expect } from 'chai';
import { condense } from '../../../../src/capture/index.ts';
import { fillFolder } from '../../../../src/commands/capture/fill-folder.ts';
import { observedIn } from '../../../../src/commands/capture/observe.ts';
import { observedLines } from '../../../../src/commands/capture/observed-lines.ts';
import type { Cell, RunResult } from '../../../../src/matrix/index.ts';
import { policyIn } from '../../../naive/manifest.ts';
import { readRaw } from '../../../properties/small-world.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';

const pod = (namespace: string, app: string, at: number) => ({
  ...{ endpoint: `${namespace}/${app}-x${at}`, namespace, labels: { app }, workload: app },
  ...{ ports: [{ number: 80, protocol: 'TCP' as const }], addresses: [`10.0.0.${at}`], hostNetwork: false },
});

/** Two namespaces of one kind: one has web and api pods, the other only one of a third class. */
const own = {
  podSelector: { matchLabels: { app: 'web' } },
  ingress: [{ from: [{ podSelector: { matchLabels: { app: 'api' } } }] }],
};
const STATE = {
  namespaces: ['one', 'two'].map((name) => ({ name, labels: {} })),
  pods: [pod('one', 'web', 1), pod('one', 'api', 2), pod('two', 'other', 3)],
  services: [],
  policies: ['one', 'two'].map((name) => readRaw(policyIn(name, own))),
};

const cell = (from: string, to: string, observed: Cell['observed'], status: Cell['status'] = 'unjudged') => ({
  ...{ from, to, port: 80, protocol: 'TCP' as const, expected: null, observed, model: null, status, observation: null },
});

const probed = (...cells: readonly Cell[]): RunResult => ({
  scenarios: [
    {
      name: '',
      file: '',
      status: 'unjudged',
      timings: {},
      steps: [{ name: '', status: 'unjudged', timings: {}, cells }],
    },
  ],
  timings: {},
});

const observed = (result: RunResult) =>
  withFiles({}, async (folder) => {
    const condensed = condense(STATE, 60);
    const head = { schema: 's', name: 'n', origin: 'o', missing: [], expectsModel: false };
    const { steps } = await fillFolder(folder, condensed, head);
    const seen = observedIn(result, condensed, steps[0]);
    const expected = seen.matrix.map(({ from, to, expectation }) => [`${from} ${to}`, expectation] as const);
    return { ...seen, expected: new Map(expected) };
  });

describe('what --observed expects', () => {
  it('is what was seen between the samples', async () => {
    const { expected, otherwise } = await observed(
      probed(cell('one/api-x2', 'one/web-x1', 'allowed'), cell('one/web-x1', 'one/api-x2', 'rejected')),
    );
    expect(expected.get('one/api one/web')).to.equal('allow');
    expect(expected.get('one/web one/api')).to.equal('deny');
    // Nothing isolates the api pod, so the specification lets that through.
    expect(otherwise.map(({ from, to }) => `${from} ${to}`)).to.deep.equal(['one/web one/api']);
  });

  it('is nothing where nothing was seen for sure, and where the samples are to each other what the pods are not', async () => {
    const seen = await observed(
      probed(
        cell('one/api-x2', 'one/web-x1', 'error', 'error'),
        cell('one/web-x1', 'one/api-x2', 'allowed', 'flaky'),
        // In the scenario both are in one namespace.
        cell('two/other-x3', 'one/web-x1', 'dropped'),
      ),
    );
    for (const unknown of ['one/api one/web', 'one/web one/api', 'one/other one/web'] as const)
      expect(seen.expected.get(unknown), unknown).to.equal(null);
    // Between two namespaces, as the samples are.
    expect(seen.expected.get('two/other one/web')).to.equal('deny');
    expect(seen.expected.get('one/other two/web')).to.equal('deny');
    expect(seen.unseen.get('broken')).to.equal(1);
    expect(seen.unseen.get('flaky')).to.equal(1);
    expect(seen.unseen.get('apart')).to.be.greaterThan(0);
    expect(observedLines(seen)[0]).to.equal('its grid expects what was seen: 2 cells');
  });
});
