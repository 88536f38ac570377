import type { Topology } from '../../../src/scenario/index.ts';
import { load } from './temporary-folder.ts';

/** An end of each kind: pods, one of them on its node's network and one asked by its kubelet; a node, a host, a Service. */
export const PATHS = `namespaces:
  prod:
    pods:
      web: {labels: {app: web}, ports: [8080], readiness: 8080}
      agent: {hostNetwork: true, ports: [9100]}
nodes: {own: {with: prod/web, ports: [9200]}}
hosts: {office: {address: 172.17.5.10, ports: [443]}}
services: {prod/web: {port: 80, targetPort: 8080, dns: true, type: NodePort}}
policies: []
`;

/** The topology of a scenario.yaml. */
export const topologyIn = async (yaml: string): Promise<Topology> => {
  const [scenario] = await load({ 'scenario.yaml': yaml });
  if (!scenario) throw new Error('no scenario');
  return scenario.steps[0].topology;
};
