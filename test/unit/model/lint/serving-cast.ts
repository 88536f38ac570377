/** Pods with ports and addresses, and policies for those of one app. */
import type { Cast } from './fixture.ts';

export const http = { number: 8080, protocol: 'TCP', name: 'http' } as const;
export const cast: Cast = {
  pods: {
    'prod/web': { labels: { app: 'web' }, ports: [http], addresses: ['10.1.0.5'] },
    'prod/db': { labels: { app: 'db' }, ports: [{ number: 5432, protocol: 'TCP' }], addresses: ['fd00::5'] },
    'prod/log': { labels: { app: 'log' }, ports: [{ number: 514, protocol: 'UDP', name: 'log' }] },
  },
};
export const ingress = (rule: string, app = 'web') => `{podSelector: {matchLabels: {app: ${app}}}, ingress: [${rule}]}`;
export const egress = (rules: string, app = 'web') =>
  `{podSelector: {matchLabels: {app: ${app}}}, policyTypes: [Egress], egress: [${rules}]}`;

/** A rule that lets everybody ask for names. */
export const dns = '{ports: [{port: 53, protocol: UDP}]}';
