import { expect, use } from 'chai';
import { progressLines } from 'podreach';
import podreachChai from 'podreach/chai';
import { describeScenarios } from 'podreach/mocha';

use(podreachChai);

const options = {
  // `PREDICTED=1 npm test` asks the model: at once, and without a cluster.
  predicted: process.env.PREDICTED === '1',
  progress: progressLines(console.error),
};

// A suite for each scenario, with a test for each step, and then those below.
await describeScenarios('scenarios', options, ({ matrix }) => {
  it('keeps strangers away from the database, whatever happens', async () => {
    for (const step of ['start', 'maintenance'])
      expect(await matrix(step)).to.deny('other/client', 'shop/db', '5432/TCP');
  });

  it('lets the shop itself in', async () => {
    expect(await matrix('start')).to.allow('shop/web', 'shop/db', '5432/TCP');
  });

  it('closes the database within two seconds', async function () {
    if (options.predicted) this.skip();
    expect(await matrix('maintenance')).to.enforceWithin('2s');
  });
});
