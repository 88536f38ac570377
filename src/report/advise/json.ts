import type { Advised } from '../../advise/index.ts';
import { jsonText } from '../json-text.ts';
import { describedManifest } from './manifest.ts';
import { unmetText } from './unmet.ts';

/** The same as data. */
export const advisedJson = (
  about: { readonly scenario: string; readonly file: string; readonly step: string },
  { policies, met, unmet, exposed, unknown, closed, widenings }: Advised,
): string =>
  jsonText({
    schema: 'podreach/advise/v1',
    ...about,
    met,
    unmet: unmet.map((one) => {
      const { cell, prediction, why } = one;
      return { ...cell, predicted: prediction.decision, why, text: unmetText(one) };
    }),
    ...{ exposed, unknown, closed: Object.fromEntries(closed) },
    lookups: Object.fromEntries(
      policies.flatMap(({ namespace, name, intent }) =>
        intent.kind === 'app' && intent.lookups !== 'none' ? [[`${namespace}/${name}`, intent.lookups]] : [],
      ),
    ),
    widenings: widenings.map(({ app, direction, port }) => ({
      ...{ namespace: app.namespace, application: app.name, direction, ...port },
    })),
    policies: policies.map(describedManifest),
  });
