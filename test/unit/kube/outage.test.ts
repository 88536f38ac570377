import { expect } from 'chai';
import { createOutage } from '../../../src/kube/outage.ts';
import { PassingError } from '../../../src/kube/request.ts';
import { patiently } from '../../../src/kube/retry.ts';
import { failureOf } from '../failure-of.ts';
import { skipPauses } from '../skip-pauses.ts';

const away = () => new PassingError('away', { isUnanswered: true });

describe('an outage', () => {
  it('is waited for from its first request on, and not once for each request', () => {
    let nowMs = 0;
    const outage = createOutage(20_000, () => nowMs);
    outage.answered();
    expect(outage.isPassing()).to.equal(true);
    nowMs = 19_999;
    expect(outage.isPassing()).to.equal(true);
    nowMs = 20_000;
    expect(outage.isPassing()).to.equal(false);
    outage.answered();
    expect(outage.isPassing()).to.equal(true);
  });

  it('is not waited for if the server never answered', () => {
    expect(createOutage().isPassing()).to.equal(false);
  });
});

describe('patiently, with an outage', () => {
  skipPauses();

  it('goes on until the server is back, which may take more tries than usual', async () => {
    const outage = createOutage();
    outage.answered();
    let calls = 0;
    const attempt = async () => {
      calls += 1;
      if (calls <= 4) throw away();
      return 7;
    };
    expect(await patiently(attempt, { outage })).to.equal(7);
    expect(calls).to.equal(5);
  });

  it('gives up as usual if the server never answered, or if it does answer', async () => {
    const fail = (error: Error) => async () => {
      throw error;
    };
    const never = await failureOf(patiently(fail(away()), { outage: createOutage() }));
    expect(never.message).to.match(/^away \(tried 4 times in \d+\.\d s\)$/);
    const outage = createOutage();
    outage.answered();
    const busy = await failureOf(patiently(fail(new PassingError('busy')), { outage }));
    expect(busy.message).to.match(/^busy \(tried 4 times in \d+\.\d s\)$/);
  });
});
