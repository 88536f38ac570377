import { expect } from 'chai';
import type { Service } from '../../../src/scenario/index.ts';
import { load, refusal } from './temporary-folder.ts';

const pods = `namespaces:
  prod:
    pods:
      web: {labels: {app: web}, ports: [{name: http, port: 8080}, 53/UDP]}
      more: {labels: {app: web}, ports: [{name: http, port: 8081}, 8080, 53/UDP]}
      bare: {ports: [80]}
  dev: {pods: {web: {labels: {app: web}, ports: [80]}}}
policies: []
services:
`;

const servicesOf = async (...lines: readonly string[]): Promise<readonly Service[]> => {
  const yaml = pods + lines.map((line) => `  ${line}\n`).join('');
  return (await load({ 'scenario.yaml': yaml }))[0]?.steps[0].topology.services ?? [];
};

const HTTP = { number: 80, protocol: 'TCP', target: 8080 };
const WEB = { namespace: 'prod', name: 'web', selector: { app: 'web' }, ports: [HTTP] };
const PLAIN = { headless: false, nodePort: null, byName: false };

describe('services of a scenario', () => {
  it('take the labels of the pod of their name, and have one port', async () => {
    expect(await servicesOf('prod/web: {port: 80, targetPort: 8080}')).to.deep.equal([{ ...WEB, ...PLAIN }]);
    expect(await servicesOf('prod/any: {selector: {app: web}, port: 8080, targetPort: http}')).to.deep.equal([
      { ...WEB, ...PLAIN, name: 'any', ports: [{ number: 8080, protocol: 'TCP', target: 'http' }] },
    ]);
  });

  it('have a target port that is their port, if none is given', async () => {
    const [service] = await servicesOf('prod/web: {port: 53, protocol: UDP}');
    expect(service?.ports).to.deep.equal([{ number: 53, protocol: 'UDP', target: 53 }]);
  });

  it('have several ports, each with a name, of both protocols', async () => {
    const [service] = await servicesOf(
      'prod/web: {ports: [{name: web, port: 80, targetPort: http}, {name: dns, port: 53, protocol: UDP}]}',
    );
    expect(service?.ports).to.deep.equal([
      { number: 80, protocol: 'TCP', target: 'http', name: 'web' },
      { number: 53, protocol: 'UDP', target: 53, name: 'dns' },
    ]);
  });

  it('are probed by their name if they say so, and headless ones in no other way', async () => {
    const [named, headless] = await servicesOf(
      'prod/web: {port: 80, targetPort: http, dns: true}',
      'dev/web: {port: 80, clusterIP: None}',
    );
    expect(named).to.include({ byName: true, headless: false });
    expect(headless).to.include({ byName: true, headless: true });
  });

  it('have a port on the nodes by their type, and forward from any node if nothing else is said', async () => {
    const services = await servicesOf(
      'prod/web: {port: 80, targetPort: http, type: NodePort}',
      'dev/web: {port: 80, type: NodePort, externalTrafficPolicy: Local}',
      'prod/other: {selector: {app: web}, port: 80, targetPort: http, type: ClusterIP}',
    );
    expect(services.map(({ nodePort }) => nodePort)).to.deep.equal(['Cluster', 'Local', null]);
  });

  it('have an address outside the cluster as load balancers, which have ports on the nodes too, or with externalIPs', async () => {
    const services = await servicesOf(
      'prod/web: {port: 80, targetPort: http, type: LoadBalancer}',
      'dev/web: {port: 80, type: LoadBalancer, externalTrafficPolicy: Local}',
      'prod/any: {selector: {app: web}, port: 80, targetPort: http, external: true}',
      'prod/node: {selector: {app: web}, port: 80, targetPort: http, external: true, type: NodePort}',
    );
    expect(services.map(({ external, nodePort }) => [external, nodePort])).to.deep.equal([
      ['load-balancer', 'Cluster'],
      ['load-balancer', 'Local'],
      ['external-ip', null],
      ['external-ip', 'Cluster'],
    ]);
  });

  // https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity: "the default value is 10800"
  it('keep a client at one backend for three hours if they say so', async () => {
    const services = await servicesOf(
      'prod/web: {port: 80, targetPort: http, sessionAffinity: ClientIP}',
      'dev/web: {port: 80, sessionAffinity: None}',
    );
    expect(services[0]).to.include({ stickySeconds: 10_800 });
    expect(services[1]).to.not.have.property('stickySeconds');
  });

  it('stand in the order in which they are written', async () => {
    const names = (await servicesOf('prod/web: {port: 53, protocol: UDP}', 'dev/web: {port: 80}')).map(
      ({ namespace, name }) => `${namespace}/${name}`,
    );
    expect(names).to.deep.equal(['prod/web', 'dev/web']);
  });

  const wrong: Readonly<Record<string, readonly [service: string, ...lines: readonly string[]]>> = {
    'a namespace that is not there': [
      'prdo/web: {port: 80}',
      '10:13: the scenario has no namespace "prdo"; the nearest valid namespace is "prod"',
    ],
    'a name without a namespace': [
      'web: {port: 80}',
      '10:3: invalid Service "web": namespace/name, the name of lower-case letters, digits and "-", a letter first',
    ],
    'a name that Kubernetes refuses': [
      'prod/1web: {port: 80}',
      '10:3: invalid Service "prod/1web": namespace/name, the name of lower-case letters, digits and "-", a letter first',
    ],
    'no pod of the name, and no selector': [
      'prod/api: {port: 80}',
      '10:13: missing key "selector": there is no pod prod/api with labels to take it from',
    ],
    'a pod of the name without labels': [
      'prod/bare: {port: 80}',
      '10:14: missing key "selector": there is no pod prod/bare with labels to take it from',
    ],
    'a selector that selects nothing there': [
      'prod/web: {port: 80, selector: {app: gone}}',
      '10:34: selects no pod of prod',
    ],
    'neither port nor ports': ['prod/web: {}', '10:13: expected either port or ports'],
    'both port and ports': ['prod/web: {port: 80, ports: [{port: 80}]}', '10:13: expected either port or ports'],
    'no port in the list': ['prod/web: {ports: []}', '10:21: expected at least one port'],
    'a backend without the target port': [
      'dev/web: {port: 8080}',
      '10:12: dev/web has no port "8080/TCP" to serve 8080/TCP',
    ],
    'a backend without the name of the target port': [
      'prod/web: {port: 80, targetPort: htp}',
      '10:13: prod/web has no port "htp/TCP" to serve 80/TCP',
      '10:13: prod/more has no port "htp/TCP" to serve 80/TCP',
    ],
    'a backend with it for another protocol only': [
      'prod/web: {ports: [{name: a, port: 8080}, {name: b, port: 80, targetPort: 53}]}',
      '10:45: prod/more has no port "53/TCP" to serve 80/TCP',
      '10:45: prod/web has no port "53/TCP" to serve 80/TCP',
    ],
    'a target port of a wrong type': [
      'prod/web: {port: 80, targetPort: true}',
      "10:36: expected a port's number or name, got true",
    ],
    'a target port that is no name': [
      'prod/web: {port: 80, targetPort: HTTP}',
      '10:36: invalid port name "HTTP": at most 15 lower-case letters, digits and single "-" inside, with a letter',
    ],
    'several ports without names': [
      'prod/web: {ports: [{port: 8080}, {name: dns, port: 53, protocol: UDP}]}',
      '10:22: each of several ports needs a name',
    ],
    'one port twice': [
      'prod/web: {ports: [{name: a, port: 8080}, {name: b, port: 8080}]}',
      '10:45: duplicate port 8080/TCP',
    ],
    'one name twice': [
      'prod/web: {ports: [{name: a, port: 8080}, {name: a, port: 53, protocol: UDP}]}',
      '10:52: duplicate port name "a"',
    ],
    'a headless one that translates': [
      'dev/web: {port: 8080, targetPort: 80, clusterIP: None}',
      '10:12: a headless Service does not translate ports: its targetPort must be the number of its port',
    ],
    'a headless one with a name for its target port': [
      'prod/web: {port: 8080, targetPort: http, clusterIP: None}',
      '10:13: a headless Service does not translate ports: its targetPort must be the number of its port',
    ],
    'a headless one with a port on the nodes': [
      'dev/web: {port: 80, clusterIP: None, type: NodePort}',
      '10:46: a headless Service has no port on the nodes',
    ],
    'a headless one that keeps a client at a backend': [
      'dev/web: {port: 80, clusterIP: None, sessionAffinity: ClientIP}',
      '10:57: a headless Service chooses no backend: its name has the addresses of all',
    ],
    'another affinity than the two that there are': [
      'dev/web: {port: 80, sessionAffinity: Cookie}',
      '10:40: expected None or ClientIP, got the string "Cookie"; the nearest valid word is "None"',
    ],
    'a policy for traffic to nodes without a port on them': [
      'dev/web: {port: 80, externalTrafficPolicy: Local}',
      '10:46: only a Service of type NodePort or LoadBalancer has an externalTrafficPolicy',
    ],
    'an address of its own': [
      'dev/web: {port: 80, clusterIP: 10.0.0.1}',
      '10:34: expected None, got the string "10.0.0.1"',
    ],
    'a type that leads out of the cluster': [
      'dev/web: {port: 80, type: ExternalName}',
      '10:29: expected ClusterIP or NodePort or LoadBalancer, got the string "ExternalName"; the nearest valid word is "LoadBalancer"',
    ],
    'a headless one with an address outside': [
      'dev/web: {port: 80, clusterIP: None, external: true}',
      '10:50: a headless Service has no addresses but those of its backends',
    ],
    'a headless load balancer': [
      'dev/web: {port: 80, clusterIP: None, type: LoadBalancer}',
      '10:46: a headless Service has no port on the nodes',
    ],
    'a load balancer without an address': [
      'dev/web: {port: 80, type: LoadBalancer, external: false}',
      '10:53: a LoadBalancer always has an address outside the cluster',
    ],
    'a misspelt key': [
      'dev/web: {port: 80, seletor: {app: web}}',
      '10:23: unknown key "seletor"; the nearest valid key is "selector"',
    ],
  };
  for (const [what, [service, ...lines]] of Object.entries(wrong))
    it(`refuse ${what}`, async () => {
      const told = (await refusal({ 'scenario.yaml': `${pods}  ${service}\n` })).lines;
      expect([...told].sort()).to.deep.equal(lines.map((line) => `scenario.yaml:${line}`).sort());
    });
});
