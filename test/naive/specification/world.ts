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

const backend = (name: string, tier: string, ports: readonly Port[], address: string) => ({
  ...{ namespace: 'prod', name, labels: { app: 'web', tier }, ports },
  addresses: [address],
});
const http = { namespace: 'prod', selector: { app: 'web' } };

/**
 * `web-1` and `web-2` have their port `http` under different numbers, and `web-3` has none of that name. `web` leads to
 * `http`, `fixed` to the number 8080, `one` to web-1 alone, `none` to nobody.
 */
export const SERVED: World = {
  namespaces: [{ name: 'prod' }, { name: 'dev' }, { name: 'kube-system' }],
  pods: [
    backend('web-1', 'front', [tcp(8080, 'http')], '10.0.0.1'),
    backend('web-2', 'back', [tcp(8081, 'http'), udp(53, 'dns')], '10.0.0.2'),
    backend('web-3', 'bare', [udp(8080, 'http')], '10.0.0.3'),
    { namespace: 'prod', name: 'client', labels: { app: 'client' }, addresses: ['10.0.0.9'] },
    { namespace: 'dev', name: 'client', labels: { app: 'client' }, addresses: ['10.0.1.9'] },
    { namespace: 'dev', name: 'web', labels: { app: 'web', tier: 'front' }, addresses: ['10.0.1.1'] },
  ],
  hosts: [
    { name: 'office', addresses: ['172.17.5.10'] },
    { name: 'street', addresses: ['198.51.100.7'] },
  ],
  services: [
    { ...http, name: 'web', ports: [{ ...tcp(80, 'http'), target: 'http' }] },
    { ...http, name: 'fixed', ports: [{ ...tcp(80, 'http'), target: 8080 }] },
    {
      ...{ namespace: 'prod', name: 'one', selector: { app: 'web', tier: 'front' } },
      ports: [
        { ...tcp(80, 'http'), target: 8080 },
        { ...udp(53, 'dns'), target: 5353 },
      ],
      externalTrafficPolicy: 'Cluster',
    },
    {
      ...{ namespace: 'prod', name: 'local', selector: { app: 'web', tier: 'front' } },
      ports: [{ ...tcp(80, 'http'), target: 8080 }],
      externalTrafficPolicy: 'Local',
    },
    {
      ...{ namespace: 'prod', name: 'headless', selector: { app: 'web', tier: 'front' }, headless: true },
      ports: [{ ...tcp(8080, 'http'), target: 8080 }],
    },
    {
      ...{ namespace: 'dev', name: 'alias', podsIn: 'prod', selector: { app: 'web', tier: 'front' } },
      ports: [{ ...tcp(80, 'http'), target: 8080 }],
    },
    { ...{ namespace: 'prod', name: 'none', selector: { app: 'gone' } }, ports: [{ ...tcp(80, 'http'), target: 80 }] },
  ],
};

/** `prod/web` runs on `own` and not on `other`; of `dev/client` it is not known, and of `dark` no address is. */
export const NODES: World = {
  namespaces: [{ name: 'prod' }, { name: 'dev' }],
  pods: [
    { namespace: 'prod', name: 'web', labels: { app: 'web' }, ports: [tcp(80, 'http')], addresses: ['10.0.0.1'] },
    { namespace: 'dev', name: 'client', labels: { app: 'client' }, addresses: ['10.0.1.9'] },
    { namespace: 'dev', name: 'agent', labels: { app: 'agent' }, addresses: ['192.168.9.4'], hostNetwork: true },
  ],
  hosts: [{ name: 'office', addresses: ['172.17.5.10'] }],
  nodes: [
    { name: 'own', addresses: ['192.168.9.3'], pods: ['prod/web'], elsewhere: ['dev/agent'] },
    { name: 'other', addresses: ['192.168.9.4'], pods: ['dev/agent'], elsewhere: ['prod/web'] },
    { name: 'dark', pods: [], elsewhere: ['prod/web', 'dev/client'] },
  ],
};
