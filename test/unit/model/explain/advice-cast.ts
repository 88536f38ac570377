import { type Advice, advise } from '../../../../src/model/explain/advice.ts';
import type { Cast, Specs } from '../lint/fixture.ts';
import { told } from './advice-told.ts';
import { inputOf, probeOf } from './explain-fixture.ts';

export const tcp = (...numbers: number[]) => numbers.map((number) => ({ number, protocol: 'TCP' as const }));

/** Two namespaces with two pods each; `prod/db` serves two ports. */
export const cast: Cast = {
  namespaces: { prod: { environment: 'prod' }, dev: {} },
  pods: {
    'prod/web': { labels: { app: 'web' }, ports: tcp(80) },
    'prod/db': { labels: { app: 'db' }, ports: tcp(5432, 9187) },
    'dev/client': { labels: { role: 'client' } },
    'dev/other': { labels: { role: 'other' } },
  },
};

export const advice = (probe: string, specs: Specs): Advice => advise(inputOf(cast, specs), probeOf(probe));
export const changes = (probe: string, specs: Specs) => advice(probe, specs).changes.map(told);
