import { egress, type Groups, letters, policy, port, rule } from './parts.ts';

export const SPEC: Groups = {
  spec: [
    policy,
    [
      ...[{}, { podSelector: null }, { podSelector: {} }, { policyTypes: null }, { policyTypes: [] }],
      ...[{ policyTypes: ['Ingress'] }, { policyTypes: ['Egress'] }, { policyTypes: ['Egress', 'Ingress'] }],
      ...[{ policyTypes: ['Egress', 'Egress'] }, { policyTypes: ['Egress'], ingress: [{}] }],
      ...[{ policyTypes: ['Ingress'], egress: [{}] }, { ingress: null }, { ingress: [] }, { ingress: [null] }],
      ...[{ egress: null }, { egress: [] }, { egress: [{}] }, { ingress: [{}], egress: [{}, {}] }],
    ],
    [
      ...[{ podSelectors: {} }, { foo: null }, { podSelector: [] }, { podSelector: 'x' }, { ingress: {} }],
      ...[{ ingress: 'x' }, { egress: true }, { ingress: ['x'] }, { policyTypes: 'Ingress' }, { policyTypes: [null] }],
      ...[{ policyTypes: ['ingress'] }, { policyTypes: [1] }, { policyTypes: ['Ingress', 'Egress', 'Egress'] }],
    ],
  ],
  rule: [
    rule,
    [
      ...[{}, { from: null }, { from: [] }, { ports: null }, { ports: [] }, { from: [], ports: [] }],
      { from: [{ podSelector: {} }, { podSelector: {} }], ports: [{ port: 80 }, { port: 80 }] },
    ],
    [{ to: [] }, { from: {} }, { from: 'x' }, { ports: 80 }, { port: 80 }, []],
  ],
  'egress rule': [
    egress,
    [{ to: [{ podSelector: {} }], ports: [{ port: 'dns', protocol: 'UDP' }] }, { to: null }],
    [{ from: [] }, { to: [{}] }, { ports: [{ port: 0 }] }],
  ],
  port: [
    port,
    [
      ...[null, {}, { port: null }, { port: 1 }, { port: 65535 }, { port: 'http' }, { port: '8a' }, { port: 'a-1-b' }],
      ...[{ port: letters(15) }, { protocol: null }, { protocol: 'TCP' }, { protocol: 'UDP' }, { protocol: 'SCTP' }],
      ...[
        { port: 80, endPort: 80 },
        { port: 80, endPort: 65535 },
        { port: 80, endPort: null },
      ],
    ],
    [
      ...[{ port: 0 }, { port: 65536 }, { port: -1 }, { port: 80.5 }, { port: 4294967376 }, { port: true }],
      ...[{ port: [] }, { port: {} }, { port: '80' }, { port: '' }, { port: 'HTTP' }, { port: letters(16) }],
      ...[{ port: 'a--b' }, { port: '-a' }, { port: 'a-' }, { port: '8-0' }, { port: 'a\n' }, { port: 'a_b' }],
      ...[{ port: 80, endPort: 79 }, { port: 80, endPort: 65536 }, { port: 80, endPort: 0 }, { endPort: 80 }],
      ...[
        { port: 'http', endPort: 90 },
        { port: 80, endPort: '90' },
        { port: 80, endPort: 80.5 },
      ],
      ...[{ protocol: '' }, { protocol: 'tcp' }, { protocol: 'ICMP' }, { protocol: 1 }, { number: 80 }, 80],
    ],
  ],
};
