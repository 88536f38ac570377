import { describeRows, type Row } from './fixture.ts';
import { cast, dns, egress, http, ingress } from './serving-cast.ts';

const from = (...cidrs: readonly string[]) => ingress(`{from: [${cidrs.map((cidr) => `{ipBlock: ${cidr}}`).join()}]}`);
const covers = (peer: number, cidr: string, pods: string) =>
  `ipblock-covers-pods prod/p spec.ingress.0.from.${peer}.ipBlock.cidr: ipBlock ${cidr} covers the address of ${pods}: addresses of pods change; select pods by their labels, and leave their range out`;
const undone = (cidr: string, who: string) =>
  `except-undone prod/p spec.ingress.0.from.0.ipBlock.except.0: except ${cidr} has no effect: ${who} lets all of it through again, for the same ports; delete one of the two`;

const tables: Readonly<Record<string, readonly Row[]>> = {
  'named-port': [
    {
      it: 'a port that one of the selected pods has',
      policies: { 'prod/p': '{podSelector: {}, ingress: [{ports: [{port: http}]}]}' },
      warns: [],
    },
    {
      it: 'a port that only pods have which it does not select',
      policies: { 'prod/p': ingress('{ports: [{port: http}]}', 'log') },
      warns: [
        'named-port prod/p spec.ingress.0.ports.0: no pod that the policy selects has a port named http; the nearest valid name is "log"',
      ],
    },
    {
      it: 'no pod has any name',
      policies: { 'prod/p': ingress('{ports: [{port: 5432}, {port: pg}]}', 'db') },
      warns: [
        'named-port prod/p spec.ingress.0.ports.1: no pod that the policy selects has a port named pg; write its number, or name it in the pod',
      ],
    },
    {
      it: 'another protocol',
      policies: { 'prod/p': ingress('{ports: [{port: log}]}', 'log') },
      warns: [
        'named-port prod/p spec.ingress.0.ports.0: port log is 514/UDP of prod/log, and not TCP; write protocol: UDP',
      ],
    },
    {
      it: 'egress asks the peers, not the selected pods',
      policies: { 'prod/p': egress(`{to: [{podSelector: {matchLabels: {app: log}}}], ports: [{port: http}]}, ${dns}`) },
      warns: [
        'named-port prod/p spec.egress.0.ports.0: no pod that the rule lets out to has a port named http; the nearest valid name is "log"',
      ],
    },
    {
      it: 'egress asks the peers, whatever the selected pods have',
      policies: {
        'prod/p': `{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: http}]}], egress: [{to: [{podSelector: {matchLabels: {app: log}}}], ports: [{port: http}]}, ${dns}]}`,
      },
      warns: [
        'named-port prod/p spec.egress.0.ports.0: no pod that the rule lets out to has a port named http; the nearest valid name is "log"',
      ],
    },
    {
      it: 'egress asks all of the peers',
      policies: {
        'prod/p': egress(
          `{to: [{podSelector: {matchLabels: {app: log}}}, {podSelector: {matchLabels: {app: db}}}], ports: [{port: http}]}, ${dns}`,
        ),
      },
      warns: [
        'named-port prod/p spec.egress.0.ports.0: no pod that the rule lets out to has a port named http; the nearest valid name is "log"',
      ],
    },
    {
      it: 'kube-system, whose pods are not known, among the peers',
      policies: {
        'prod/p': egress(
          `{to: [{podSelector: {matchLabels: {app: db}}}, {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}], ports: [{port: metric}]}, ${dns}`,
        ),
      },
      warns: [],
    },
    { it: 'egress to everyone', policies: { 'prod/p': egress(`{ports: [{port: http}]}, ${dns}`, 'db') }, warns: [] },
    {
      it: 'the names of the DNS server',
      policies: { 'prod/p': egress('{ports: [{port: dns, protocol: UDP}, {port: dns-tcp}]}') },
      warns: [],
    },
    {
      it: 'kube-system, whose pods are not known',
      policies: {
        'prod/p': egress(
          `{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}], ports: [{port: metric}]}, ${dns}`,
        ),
      },
      warns: [],
    },
    {
      it: 'an ipBlock that may be any pod whose address is not known',
      policies: {
        'prod/p': egress(`{to: [{ipBlock: {cidr: 10.9.0.0/16}}], ports: [{port: log, protocol: UDP}]}, ${dns}`),
      },
      warns: [],
    },
    {
      it: 'an ipBlock over one pod, that may be another one too',
      policies: {
        'prod/p': egress(`{to: [{ipBlock: {cidr: 10.1.0.0/16}}], ports: [{port: log, protocol: UDP}]}, ${dns}`),
      },
      warns: [covers(0, '10.1.0.0/16', 'prod/web').replace('ingress.0.from', 'egress.0.to')],
    },
  ],
  'ipblock-covers-pods': [
    {
      it: 'the address of a pod',
      policies: { 'prod/p': from('{cidr: 10.1.0.0/16}', '{cidr: 10.2.0.0/16}') },
      warns: [covers(0, '10.1.0.0/16', 'prod/web')],
    },
    {
      it: 'IPv6',
      policies: { 'prod/p': from('{cidr: 10.2.0.0/16}', '{cidr: "fd00::/64"}') },
      warns: [covers(1, 'fd00::/64', 'prod/db')],
    },
    {
      it: 'an address that is left out',
      policies: { 'prod/p': from('{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}') },
      warns: [],
    },
    { it: 'every address', policies: { 'prod/p': from('{cidr: 0.0.0.0/0}', '{cidr: "::/0"}') }, warns: [] },
    {
      it: 'every address but that of the cloud',
      policies: { 'prod/p': from('{cidr: 0.0.0.0/0, except: [169.254.169.254/32]}') },
      warns: [],
    },
    {
      it: 'the internet, of which a private range was forgotten',
      policies: { 'prod/p': from('{cidr: 0.0.0.0/0, except: [192.168.0.0/16]}') },
      warns: [covers(0, '0.0.0.0/0', 'prod/web')],
    },
    {
      it: 'a pod on the network of its node',
      pods: { 'prod/web': { labels: { app: 'web' }, ports: [http], addresses: ['10.1.0.5'], hostNetwork: true } },
      policies: { 'prod/p': from('{cidr: 10.1.0.0/16}') },
      warns: [],
    },
  ],
  'except-undone': [
    {
      it: 'another peer of the rule',
      policies: { 'prod/p': from('{cidr: 11.0.0.0/8, except: [11.1.0.0/16]}', '{cidr: 11.1.0.0/16}') },
      warns: [undone('11.1.0.0/16', 'another peer of this policy')],
    },
    {
      it: 'a policy for the same pods and more',
      policies: {
        'prod/p': ingress('{from: [{ipBlock: {cidr: 11.0.0.0/8, except: [11.1.0.0/16]}}], ports: [{port: 80}]}'),
        'prod/q': '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 11.0.0.0/9, except: [11.2.0.0/16]}}]}]}',
      },
      warns: [undone('11.1.0.0/16', 'policy q')],
    },
    {
      it: 'egress',
      policies: {
        'prod/p': egress('{to: [{ipBlock: {cidr: 11.0.0.0/8, except: [11.1.0.0/16]}}]}'),
        'prod/q': egress('{to: [{ipBlock: {cidr: 11.1.0.0/16}}]}'),
      },
      warns: [undone('11.1.0.0/16', 'policy q').replace('ingress.0.from', 'egress.0.to')],
    },
    {
      it: 'a policy of another namespace lets nobody in here',
      pods: { 'dev/web': { labels: { app: 'web' } } },
      policies: {
        'prod/p': from('{cidr: 11.0.0.0/8, except: [11.1.0.0/16]}'),
        'dev/q': ingress('{from: [{ipBlock: {cidr: 11.1.0.0/16}}]}'),
      },
      warns: [],
    },
    ...[
      ['a policy for other pods', ingress('{from: [{ipBlock: {cidr: 11.1.0.0/16}}]}', 'db')],
      ['a part of it', ingress('{from: [{ipBlock: {cidr: 11.1.2.0/24}}]}')],
      ['all but a part of it', ingress('{from: [{ipBlock: {cidr: 11.1.0.0/16, except: [11.1.2.0/24]}}]}')],
      ['some ports', ingress('{from: [{ipBlock: {cidr: 11.1.0.0/16}}], ports: [{port: 80}]}')],
      ['pods', ingress('{from: [{podSelector: {}}]}')],
      ['the other direction', egress('{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}')],
    ].map(([what, spec = '']) => ({
      it: `${what} is let in again on purpose`,
      policies: { 'prod/p': from('{cidr: 11.0.0.0/8, except: [11.1.0.0/16]}'), 'prod/q': spec },
      warns: [],
    })),
  ],
};

for (const [rule, rows] of Object.entries(tables)) describeRows(rule, cast, rows);
