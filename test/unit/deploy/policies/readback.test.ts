import { expect } from 'chai';
import { differingPath } from '../../../../src/deploy/policies/readback.ts';

const dev = { namespaceSelector: { matchLabels: { environment: 'dev' } } };

/** [what is shown, sent, received, the differing path] */
const CASES: readonly (readonly [string, unknown, unknown, string | null])[] = [
  [
    'the protocol defaults to TCP',
    { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
    { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80, protocol: 'TCP' }] }] },
    null,
  ],
  [
    'not to UDP',
    { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
    { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80, protocol: 'UDP' }] }] },
    'spec.ingress[0].ports[0].protocol',
  ],
  ['policyTypes default to Ingress', { podSelector: {} }, { podSelector: {}, policyTypes: ['Ingress'] }, null],
  [
    'and Egress where there are egress rules',
    { podSelector: {}, egress: [{}] },
    { podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [{}] },
    null,
  ],
  [
    'but not for an empty egress list',
    { podSelector: {}, egress: [] },
    { podSelector: {}, policyTypes: ['Ingress'] },
    null,
  ],
  [
    'a type that was added is a difference',
    { podSelector: {}, policyTypes: ['Ingress'] },
    { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    'spec.policyTypes',
  ],
  [
    'an empty list of rules is printed as none',
    { podSelector: {}, ingress: [], policyTypes: ['Ingress'] },
    { podSelector: {}, policyTypes: ['Ingress'] },
    null,
  ],
  [
    'a rule that lost its peers allows all',
    { podSelector: {}, ingress: [{ from: [dev] }] },
    { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] },
    'spec.ingress[0].from',
  ],
  [
    'so does an empty rule that came from nowhere',
    { podSelector: {}, ingress: [] },
    { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] },
    'spec.ingress',
  ],
  [
    'a peer that lost its selector',
    { podSelector: {}, ingress: [{ from: [{ podSelector: {}, ...dev }] }] },
    { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [dev] }] },
    'spec.ingress[0].from[0].podSelector',
  ],
  [
    'a label that changed',
    { podSelector: { matchLabels: { app: 'web' } } },
    { podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Ingress'] },
    'spec.podSelector.matchLabels.app',
  ],
  [
    'labels that got lost',
    { podSelector: { matchLabels: { app: 'web' } } },
    { podSelector: {}, policyTypes: ['Ingress'] },
    'spec.podSelector.matchLabels',
  ],
  [
    'empty matchLabels say nothing',
    { podSelector: { matchLabels: {} } },
    { podSelector: {}, policyTypes: ['Ingress'] },
    null,
  ],
  [
    'a port number is no port name',
    { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
    { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: '80', protocol: 'TCP' }] }] },
    'spec.ingress[0].ports[0].port',
  ],
  [
    'a dropped except',
    { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }] },
    { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] },
    'spec.ingress[0].from[0].ipBlock.except',
  ],
  [
    'one peer less',
    { podSelector: {}, ingress: [{ from: [dev, dev] }] },
    { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [dev] }] },
    'spec.ingress[0].from',
  ],
  ['no spec at all', { podSelector: {} }, undefined, 'spec'],
];

describe('differingPath', () => {
  for (const [name, sent, received, path] of CASES)
    it(`${path === null ? 'same' : 'differs'}: ${name}`, () => expect(differingPath(sent, received)).to.equal(path));
});
