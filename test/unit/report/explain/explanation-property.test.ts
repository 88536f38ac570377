import { expect } from 'chai';
import fc from 'fast-check';
import { explainProbe } from '../../../../src/model/explain/explain-probe.ts';
import { decide, KUBELET, type Model, type Probe, type World } from '../../../../src/model/index.ts';
import { explanationLines, explanationSummary } from '../../../../src/report/explain/explanation.ts';
import { explanationJson } from '../../../../src/report/explain/json.ts';
import { routedProbesOf, servedCases } from '../../../naive/arbitrary-services.ts';
import { compiled, probesOf } from '../../../naive/cells.ts';

const NOTHING = { changes: [], together: [], allowAll: [] };
const ABOUT = { scenario: 's', file: 's/scenario.yaml', step: 's' };

/** Every kind of probe that a matrix may have. */
const allProbes = (world: World): readonly Probe[] => [
  ...probesOf(world),
  ...routedProbesOf(world),
  ...world.pods.map(({ namespace, name }) => ({
    ...{ from: KUBELET, to: `${namespace}/${name}`, port: 80, protocol: 'TCP' as const },
  })),
];

const kindOf = ({ from, to }: Probe): string => {
  const kinds = [from, to].map(
    (end) => /^(svc|dns|nodeport|external|node|host)(?=:)|^kubelet$/.exec(end)?.[0] ?? 'pod',
  );
  return kinds.join(' > ');
};

describe('the heading of an explanation', function () {
  this.timeout(60_000);

  it('holds what the model decides, for every kind of probe of random worlds, in text and for machines', () => {
    const seen = new Set<string>();
    const check = (model: Model, probe: Probe): void => {
      const decision = decide(model, probe);
      const explained = explainProbe(model, probe);
      const { from, to, port, protocol } = probe;
      const lines = explanationLines(explained, null);
      expect(lines[0]).to.equal(`${from} -> ${to} ${port}/${protocol}: ${decision}`);
      expect(JSON.parse(explanationJson(ABOUT, explained, NOTHING)).decision).to.equal(decision);
      const text = [...lines, ...explanationSummary(explained, null)].join('\n');
      expect(text).to.not.match(/(?<!leaves (?:it )?)undefined|null|\[object|NaN|native code/);
      seen.add(`${kindOf(probe)} ${decision}`);
    };
    const property = fc.property(servedCases, fc.infiniteStream(fc.nat()), ({ world, manifests }, picks) => {
      const model = compiled(manifests, world);
      const byKind = Map.groupBy(allProbes(world), kindOf);
      for (const probes of byKind.values())
        for (const pick of picks.take(4)) check(model, probes[pick % probes.length] as Probe);
    });
    const kinds = [
      'pod > pod',
      'pod > host',
      'pod > node',
      'node > pod',
      'pod > svc',
      'pod > dns',
      'pod > nodeport',
      'pod > external',
    ];
    const wanted = [
      ...kinds.flatMap((kind) => ['allow', 'deny', 'unknown'].map((decision) => `${kind} ${decision}`)),
      ...['kubelet > pod allow', 'host > nodeport deny', 'host > pod deny'],
    ];
    const missing = () => wanted.filter((one) => !seen.has(one));
    // Some are rare: more worlds, until each was met.
    for (let round = 0; round === 0 || (round < 20 && missing().length > 0); round += 1)
      fc.assert(property, { numRuns: 18 });
    expect(missing()).to.deep.equal([]);
  });
});
