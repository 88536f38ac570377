import { expect } from 'chai';
import type { Observation, Verdict } from '../../../src/probe/index.ts';
import type { Matrix } from '../../../src/run/matrix.ts';
import { takeRepeatedly } from '../../../src/run/repeats.ts';

const seen = (verdict: Verdict, more: Partial<Observation> = {}): Observation => ({
  ...{ from: 'a/x', to: 'a/y', port: 80, protocol: 'TCP' as const },
  ...{ verdict, flaky: false, attempts: 1, detail: `saw ${verdict}` },
  ...more,
});

/** One cell in matrices that are taken one after another. */
const repeated = async (...cells: readonly Observation[]) => {
  const left: Matrix[] = cells.map((one) => ({ observations: [one] }));
  const { observations } = await takeRepeatedly(cells.length, async () => left.shift() ?? expect.fail('one too many'));
  expect(left).to.deep.equal([]);
  expect(observations).to.have.length(1);
  return observations[0] as Observation;
};

describe('takeRepeatedly', () => {
  it('leaves a single matrix as it is', async () => {
    const one = seen('allowed');
    expect(await repeated(one)).to.equal(one);
  });

  it('counts what the matrices saw, and all attempts', async () => {
    expect(await repeated(seen('dropped'), seen('dropped', { attempts: 2 }), seen('dropped'))).to.deep.equal(
      seen('dropped', { attempts: 4, tally: { dropped: 3 } }),
    );
  });

  it('is flaky if matrices saw different things, and shows the last', async () => {
    expect(await repeated(seen('allowed'), seen('allowed'), seen('dropped'), seen('allowed'))).to.deep.include({
      verdict: 'allowed',
      flaky: true,
      tally: { allowed: 3, dropped: 1 },
    });
  });

  it('stays flaky if it was so in one matrix', async () => {
    const one = await repeated(seen('allowed', { flaky: true, attempts: 2 }), seen('allowed'));
    expect(one).to.deep.include({ verdict: 'allowed', flaky: true, tally: { flaky: 1, allowed: 1 } });
  });

  it('is an error, and not flaky, if it broke in any matrix', async () => {
    const one = await repeated(seen('allowed'), seen('error'), seen('dropped'));
    expect(one).to.deep.include({
      ...{ verdict: 'error', flaky: false, detail: 'saw error' },
      tally: { allowed: 1, error: 1, dropped: 1 },
    });
  });

  it('needs the agreement of each matrix', async () => {
    const agreements = [
      { matrices: 3, agreed: true },
      { matrices: 2, agreed: true },
      { matrices: 5, agreed: false },
    ];
    const left = [...agreements];
    const take = async () => ({ observations: [], agreement: left.shift() ?? expect.fail() });
    expect((await takeRepeatedly(3, take)).agreement).to.deep.equal({ matrices: 5, agreed: false });
    left.push(...agreements.slice(0, 2));
    expect((await takeRepeatedly(2, take)).agreement).to.deep.equal({ matrices: 3, agreed: true });
  });
});
