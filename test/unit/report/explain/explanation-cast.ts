import { advise } from '../../../../src/model/explain/advice.ts';
import type { ModelInput } from '../../../../src/model/explain/advice-change.ts';
import { explainProbe } from '../../../../src/model/index.ts';
import { explanationLines, explanationSummary } from '../../../../src/report/explain/explanation.ts';
import { inputOf, modelOf, probeOf } from '../../model/explain/explain-fixture.ts';
import type { Cast, Specs } from '../../model/lint/fixture.ts';

export const tcp = (number: number, name?: string) => ({ number, protocol: 'TCP' as const, ...(name && { name }) });

export const cast: Cast = {
  namespaces: { prod: { environment: 'prod' }, dev: { env: 'dev' } },
  pods: {
    'prod/web': { labels: { app: 'web' }, ports: [tcp(80, 'http')] },
    'prod/db': { labels: { app: 'db' }, ports: [tcp(5432, 'sql')], addresses: ['10.0.0.5'] },
    'dev/client': { labels: { role: 'client' } },
    'dev/node': { labels: { role: 'node' }, hostNetwork: true },
  },
};

export const linesOf = (probe: string, specs: Specs, options = {}, more: Partial<ModelInput['world']> = {}): string => {
  const { world, policies } = inputOf(cast, specs, true);
  const input = { world: { ...world, ...more }, policies };
  const asked = probeOf(probe);
  return explanationLines(explainProbe(modelOf(input), asked), advise(input, asked), options).join('\n');
};

export const summaryOf = (probe: string, specs: Specs): readonly string[] => {
  const input = inputOf(cast, specs, true);
  const asked = probeOf(probe);
  return explanationSummary(explainProbe(modelOf(input), asked), advise(input, asked));
};

export const shop =
  '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}]}';
