import type { Port, World } from '../../../src/model/world.ts';

const tcp = (number: number, name: string): Port => ({ number, protocol: 'TCP', name });
const udp = (number: number, name: string): Port => ({ number, protocol: 'UDP', name });

/** `dev` and `qa` have equal labels; `prod/db` has no known address; `agent` and `logger` share their node's network. */
export const WORLD: World = {
  namespaces: [
    { name: 'prod', labels: { environment: 'prod' } },
    { name: 'dev', labels: { environment: 'dev' } },
    { name: 'qa', labels: { environment: 'dev' } },
    { name: 'default' },
  ],
  pods: [
    { namespace: 'prod', name: 'web', labels: { app: 'web' }, ports: [tcp(80, 'http')], addresses: ['10.0.0.10'] },
    {
      namespace: 'prod',
      name: 'api',
      labels: { app: 'api', tier: '' },
      ports: [tcp(8080, 'http')],
      addresses: ['10.0.0.11'],
    },
    { namespace: 'prod', name: 'db', labels: { app: 'db', tier: 'data' }, ports: [udp(80, 'http')] },
    { namespace: 'dev', name: 'client', labels: { app: 'client' }, ports: [tcp(80, 'http')], addresses: ['10.0.1.20'] },
    { namespace: 'qa', name: 'client', labels: { app: 'client' }, addresses: ['10.0.2.30'] },
    { namespace: 'default', name: 'job', addresses: ['10.0.3.40'] },
    {
      namespace: 'prod',
      name: 'agent',
      labels: { app: 'agent' },
      ports: [tcp(9100, 'metrics')],
      addresses: ['192.168.9.9'],
      hostNetwork: true,
    },
    { namespace: 'dev', name: 'logger', labels: { app: 'logger' }, addresses: ['192.168.9.10'], hostNetwork: true },
  ],
  hosts: [
    { name: 'office', addresses: ['203.0.113.7'] },
    { name: 'cloud', addresses: ['2001:db8::7'] },
  ],
};

/** Pods of both families, their addresses not known. */
export const DUAL_STACK: World = {
  families: ['IPv4', 'IPv6'],
  namespaces: [{ name: 'prod' }],
  pods: [
    { namespace: 'prod', name: 'web', labels: { app: 'web' } },
    { namespace: 'prod', name: 'api', labels: { app: 'api' } },
    { namespace: 'prod', name: 'known', addresses: ['10.0.0.1', 'fd00::1'] },
  ],
  hosts: [{ name: 'both', addresses: ['203.0.113.7', '2001:db8::7'] }],
};
