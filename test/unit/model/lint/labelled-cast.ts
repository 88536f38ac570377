/** Namespaces and pods with labels, and policies that let peers in. */
import type { Cast, Row } from './fixture.ts';

export const cast: Cast = {
  namespaces: { prod: { env: 'prod' }, dev: { env: 'dev' }, devs: {} },
  pods: {
    'prod/web': { labels: { app: 'web', tier: 'bag' } },
    'prod/db': { labels: { app: 'db', tier: 'back' } },
    'dev/web': { labels: { app: 'web' } },
    'dev/client': { labels: { role: 'client' } },
  },
};
export const from = (peers: string): Row['policies'] => ({
  'prod/p': `{podSelector: {}, ingress: [{from: ${peers}}]}`,
});
export const match = (label: string): string => `{matchLabels: {${label}}}`;
