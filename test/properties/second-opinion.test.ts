import { expect } from 'chai';
import fc from 'fast-check';
import { decide, reachability } from '../../src/model/index.ts';
import { cases, PROBED } from '../naive/arbitrary.ts';
import { compiled, probesOf } from '../naive/cells.ts';
import { decideNaively, type Verdict } from '../naive/decide.ts';

describe('the model and a second opinion', function () {
  this.timeout(60_000);
  const counts: Record<Verdict, number> = { allow: 0, deny: 0, unknown: 0 };
  let cells = 0;

  it('agree on every cell of random worlds, one by one and as a matrix', () =>
    fc.assert(
      fc.property(cases, ({ world, manifests }) => {
        const model = compiled(manifests, world);
        const matrix = reachability(model, PROBED);
        for (const probe of probesOf(world)) {
          const verdict = decideNaively(manifests, world, probe);
          cells += 1;
          if (probe.from !== probe.to) counts[verdict] += 1;
          const told = [decide(model, probe), matrix.decideProbe(probe)];
          if (told.some((one) => one !== verdict))
            expect.fail(`${JSON.stringify(probe)}: ${verdict}, but the model says ${told[0]}, its matrix ${told[1]}`);
        }
      }),
      { numRuns: 120 },
    ));

  it('were asked about 30,000 cells, enough of each kind', () => {
    expect(cells).to.be.at.least(30_000);
    for (const [verdict, least] of Object.entries({ allow: 0.3, deny: 0.15, unknown: 0.04 }))
      expect(counts[verdict as Verdict] / cells, verdict).to.be.at.least(least);
  });
});
