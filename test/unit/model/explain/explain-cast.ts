import { type Explanation, explain } from '../../../../src/model/explain/explain.ts';
import type { Cast, Specs } from '../lint/fixture.ts';
import { inputOf, modelOf, probeOf } from './explain-fixture.ts';

/** Two namespaces with labels of different keys; a pod with an address, one without, one on its node's network. */
export const cast: Cast = {
  namespaces: { prod: { environment: 'prod' }, dev: { env: 'dev' } },
  pods: {
    'prod/web': { labels: { app: 'web' }, ports: [{ number: 80, protocol: 'TCP', name: 'http' }] },
    'prod/db': {
      labels: { app: 'db', tier: 'data' },
      ports: [
        { number: 5432, protocol: 'TCP', name: 'sql' },
        { number: 53, protocol: 'UDP', name: 'dns' },
      ],
      addresses: ['10.0.0.5'],
    },
    'dev/client': { labels: { role: 'client' }, addresses: ['10.0.1.7'] },
    'dev/node': { labels: { role: 'node' }, hostNetwork: true },
    'dev/lost': { labels: { role: 'lost' } },
  },
};

export const explained = (probe: string, specs: Specs): Explanation =>
  explain(modelOf(inputOf(cast, specs)), probeOf(probe));
