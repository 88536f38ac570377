import { entries } from '../../src/cluster/ledger.ts';
import { podreach } from './door.ts';

// Hooks of the whole suite: the tests share one kept cluster, which goes with them unless it was there before.
let wasThere = false;

before(async () => {
  wasThere = (await entries()).some(({ kept, complete }) => kept && complete);
});

after(async () => {
  if (!wasThere) await podreach('cluster', 'down');
});
