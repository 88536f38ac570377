import { policyIn, type RawPeer, type RawPort } from '../manifest.ts';
import { app, letOut } from './policies.ts';
import type { Row } from './row.ts';
import { SERVED } from './world.ts';

const web = { matchLabels: { app: 'web' } };
const into = (...ports: readonly RawPort[]) => policyIn('prod', { podSelector: web, ingress: [{ ports }] });
const outOf = (name: string, ...ports: readonly RawPort[]) =>
  policyIn('prod', {
    podSelector: { matchLabels: { app: name } },
    policyTypes: ['Egress'],
    egress: [{ to: [app('web')], ports }],
  });
const closed = (tier: string) => policyIn('prod', { podSelector: { matchLabels: { tier } }, policyTypes: ['Ingress'] });
const dns: RawPeer = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
};
/** Connections to the address or the name of a Service: policies act on the pods behind it. */
const ROWS: readonly Row[] = [
  {
    says: '"a numerical or named port on a pod"',
    shows: "ingress: the backend's port counts, and never that of the Service",
    policies: [into({ port: 8080 })],
    cells: ['prod/client > svc:prod/one 80/TCP: allow', 'prod/client > prod/web-1 8080/TCP: allow'],
  },
  {
    says: '"a numerical or named port on a pod"',
    shows: 'ingress: who writes the port of the Service lets nobody in',
    policies: [into({ port: 80 })],
    cells: ['prod/client > svc:prod/one 80/TCP: deny', 'prod/client > prod/web-1 80/TCP: allow'],
  },
  {
    says: '"a numerical or named port on a pod"',
    shows: 'egress: as for ingress',
    policies: [outOf('client', { port: 8080 })],
    cells: ['prod/client > svc:prod/one 80/TCP: allow', 'prod/client > prod/web-1 80/TCP: deny'],
  },
  {
    says: '"a numerical or named port on a pod"',
    shows: 'egress: who writes the port of the Service lets nobody out',
    policies: [outOf('client', { port: 80 })],
    cells: ['prod/client > svc:prod/one 80/TCP: deny', 'dev/client > svc:prod/one 80/TCP: allow'],
  },
  {
    says: '"The set of Pods targeted by a Service is usually determined by a selector"',
    shows: 'peers mean the pods behind it',
    policies: [
      policyIn('prod', { podSelector: web, ingress: [{ from: [app('client')] }] }),
      policyIn('dev', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [app('web')] }] }),
    ],
    cells: [
      'prod/client > svc:prod/one 80/TCP: allow',
      'dev/client > svc:prod/one 80/TCP: deny',
      'dev/client > dev/web 80/TCP: allow',
    ],
  },
  {
    says: '"it will be looked up as a named port in the target Pod\'s container ports"',
    shows: 'a name that the policy knows too holds for each number that the pods have for it',
    policies: [into({ port: 'http' })],
    cells: ['prod/client > svc:prod/web 80/TCP: allow', 'prod/client > svc:prod/fixed 80/TCP: unknown'],
  },
  {
    says: '"it will be looked up as a named port in the target Pod\'s container ports"',
    shows: 'of two numbers for one name the policy lets one in: it hangs on the backend',
    policies: [into({ port: 8080 })],
    cells: ['prod/client > svc:prod/web 80/TCP: unknown', 'prod/client > svc:prod/fixed 80/TCP: allow'],
  },
  {
    says: '"it will be looked up as a named port in the target Pod\'s container ports"',
    shows: 'both numbers in the policy do',
    policies: [into({ port: 8080, endPort: 8081 })],
    cells: ['prod/client > svc:prod/web 80/TCP: allow'],
  },
  {
    says: '"it will be looked up as a named port in the target Pod\'s container ports"',
    shows: 'a pod without that name, or with it for another protocol only, is no backend',
    policies: [closed('bare')],
    cells: ['prod/client > svc:prod/web 80/TCP: allow', 'prod/client > svc:prod/fixed 80/TCP: unknown'],
  },
  {
    says: 'One of the pods is chosen, and which one is not said.',
    shows: 'backends that differ',
    policies: [closed('back')],
    cells: ['prod/client > svc:prod/web 80/TCP: unknown', 'prod/client > svc:prod/one 80/TCP: allow'],
  },
  {
    says: 'One of the pods is chosen, and which one is not said.',
    shows: 'all of them closed',
    policies: [closed('front'), closed('back'), closed('bare')],
    cells: ['prod/client > svc:prod/web 80/TCP: deny', 'prod/client > svc:prod/fixed 80/TCP: deny'],
  },
  {
    says: 'Nobody answers for a Service without a backend.',
    policies: [],
    cells: ['prod/client > svc:prod/none 80/TCP: deny', 'prod/client > dns:prod/none 80/TCP: deny'],
  },
  {
    says: '"only traffic on the specified protocol AND port will be matched"',
    policies: [into({ port: 5353, protocol: 'UDP' })],
    cells: ['prod/client > svc:prod/one 53/UDP: allow', 'prod/client > svc:prod/one 80/TCP: deny'],
  },
  {
    says: 'A name has to be looked up before: in kube-system, over 53/UDP',
    shows: 'who may not ask gets nowhere by name',
    policies: [letOut({ to: [app('web')] })],
    cells: [
      'prod/client > svc:prod/one 80/TCP: allow',
      'prod/client > dns:prod/one 80/TCP: deny',
      'dev/client > dns:prod/one 80/TCP: allow',
    ],
  },
  {
    says: 'A name has to be looked up before: in kube-system, over 53/UDP',
    shows: 'both are needed',
    policies: [letOut({ to: [app('web')] }, { to: [dns], ports: [{ port: 53, protocol: 'UDP' }] })],
    cells: ['prod/client > dns:prod/one 80/TCP: allow', 'prod/client > dns:prod/web 80/TCP: allow'],
  },
  {
    says: 'kubeadm and kind give kube-system no label but "an immutable label kubernetes.io/metadata.name"',
    shows: 'a policy that asks for another lets nobody ask for names',
    policies: [
      letOut(
        { to: [app('web')] },
        {
          to: [{ namespaceSelector: { matchLabels: { name: 'kube-system' } } }],
          ports: [{ port: 53, protocol: 'UDP' }],
        },
      ),
    ],
    cells: ['prod/client > dns:prod/one 80/TCP: deny', 'prod/client > svc:prod/one 80/TCP: allow'],
  },
  {
    says: 'Its DNS pods name their ports dns and dns-tcp',
    policies: [letOut({ to: [app('web')] }, { to: [dns], ports: [{ port: 'dns', protocol: 'UDP' }] })],
    cells: ['prod/client > dns:prod/one 80/TCP: allow'],
  },
  {
    says: 'Its DNS pods name their ports dns and dns-tcp',
    shows: 'the second is for TCP',
    policies: [letOut({ to: [app('web')] }, { to: [dns], ports: [{ port: 'dns-tcp' }, { port: 'dns' }] })],
    cells: ['prod/client > dns:prod/one 80/TCP: deny'],
  },
  {
    says: 'A name has to be looked up before: in kube-system, over 53/UDP',
    shows: 'DNS alone does not let anyone in',
    policies: [letOut({ to: [dns], ports: [{ port: 53, protocol: 'UDP' }] })],
    cells: ['prod/client > dns:prod/one 80/TCP: deny'],
  },
  {
    says: 'A name has to be looked up before: in kube-system, over 53/UDP',
    shows: 'a port without protocol is TCP',
    policies: [letOut({ to: [app('web')] }, { to: [dns], ports: [{ port: 53 }] })],
    cells: ['prod/client > dns:prod/one 80/TCP: deny'],
  },
  {
    says: 'A name has to be looked up before: in kube-system, over 53/UDP',
    shows: 'whether a block holds the DNS server is not known',
    policies: [letOut({ to: [app('web')] }, { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] })],
    cells: ['prod/client > dns:prod/one 80/TCP: unknown', 'prod/client > svc:prod/one 80/TCP: allow'],
  },
  {
    says: '"a pod cannot block access to itself": by its Service it is open whether its policies see it or a node',
    policies: [closed('front')],
    cells: [
      'prod/web-1 > svc:prod/one 80/TCP: unknown',
      'prod/web-1 > dns:prod/one 80/TCP: unknown',
      'prod/web-2 > svc:prod/one 80/TCP: deny',
    ],
  },
  {
    says: '"a pod cannot block access to itself": by its Service it is open whether its policies see it or a node',
    shows: 'what lets everyone in lets either in',
    policies: [into({ port: 8080 })],
    cells: ['prod/web-1 > svc:prod/one 80/TCP: allow'],
  },
  {
    says: '"A or AAAA records … that point directly to the Pods backing the Service": a pod to itself',
    policies: [closed('front')],
    cells: ['prod/web-1 > dns:prod/headless 8080/TCP: allow', 'prod/web-2 > dns:prod/headless 8080/TCP: deny'],
  },
  {
    says: '"A or AAAA records … that point directly to the Pods backing the Service": a pod to itself',
    shows: 'which it has to look up all the same',
    policies: [policyIn('prod', { podSelector: web, policyTypes: ['Egress'] })],
    cells: ['prod/web-1 > dns:prod/headless 8080/TCP: deny'],
  },
  {
    says: '"the cluster DNS Service returns a CNAME record": the pods are those of the Service that has the other name',
    policies: [into({ port: 8080 }), policyIn('dev', { podSelector: web })],
    cells: ['prod/client > dns:dev/alias 80/TCP: allow', 'prod/client > dev/web 8080/TCP: deny'],
  },
  {
    says: '"the cluster DNS Service returns a CNAME record": the pods are those of the Service that has the other name',
    shows: 'after it was looked up',
    policies: [letOut({ to: [app('web')] })],
    cells: ['prod/client > dns:dev/alias 80/TCP: deny', 'dev/client > dns:dev/alias 80/TCP: allow'],
  },
];

export const SERVICES: readonly Row[] = ROWS.map((row) => ({ world: SERVED, ...row }));
