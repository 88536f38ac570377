import type { Host, Pod, Port } from '../../../src/scenario/index.ts';

export const pod = (namespace: string, name: string, ...ports: readonly Port[]): Pod => ({
  endpoint: `${namespace}/${name}`,
  namespace,
  name,
  labels: {},
  ports,
});

export const host = (name: string, address: string, ...ports: readonly Port[]): Host => ({
  endpoint: `host:${name}`,
  name,
  addresses: [address],
  ports,
});
