import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type ExpectedProbe, loadScenarios, podsOf, probeKey, type Scenario } from '../../../src/scenario/index.ts';

// Each cell is one on which readings of the policy differ; the README of the scenario says how.
const cells: Readonly<Record<string, Readonly<Record<string, 'allow' | 'deny'>>>> = {
  'no-policy': { 'unlabelled/client > prod/db 5432/TCP': 'allow' },
  'deny-all': {
    'prod/web > prod/api 8080/TCP': 'deny',
    'prod/web > dev/web 80/TCP': 'deny',
    'dev/client > prod/web 80/TCP': 'deny',
    'dev/web > unlabelled/client 5432/TCP': 'allow',
  },
  'allow-from-dev': {
    'dev/client > prod/web 8080/TCP': 'allow',
    'prod/api > prod/web 80/TCP': 'deny',
    'unlabelled/client > prod/web 80/TCP': 'deny',
    'unlabelled/client > dev/web 80/TCP': 'allow',
    'prod/web > dev/web 80/TCP': 'allow',
  },
  'allow-api-access': {
    'prod/web > prod/api 8080/TCP': 'allow',
    'prod/web > prod/api 9090/TCP': 'deny',
    'prod/db > prod/api 8080/TCP': 'deny',
    'dev/client > prod/api 8080/TCP': 'deny',
    'prod/api > prod/web 80/TCP': 'allow',
  },
  'complex-policy': {
    'prod/db > dev/web 80/TCP': 'allow',
    'dev/client > dev/web 80/TCP': 'allow',
    'unlabelled/client > dev/web 80/TCP': 'deny',
    'prod/db > dev/web 8080/TCP': 'deny',
    'dev/web > prod/db 5432/TCP': 'allow',
    'dev/web > prod/api 8080/TCP': 'deny',
    'dev/web > unlabelled/client 5432/TCP': 'deny',
  },
  'multi-port-policy': {
    'unlabelled/client > prod/service 443/TCP': 'allow',
    'prod/client > prod/service 53/UDP': 'allow',
    'prod/client > prod/service 53/TCP': 'deny',
    'prod/service > dev/service 8443/TCP': 'allow',
  },
  'deny-first-then-allow': {
    'unlabelled/client > prod/web 80/TCP': 'allow',
    'unlabelled/client > prod/job 80/TCP': 'deny',
    'prod/web > prod/api 8080/TCP': 'allow',
    'prod/api > prod/db 5432/TCP': 'allow',
    'prod/web > prod/db 5432/TCP': 'deny',
    'prod/api > prod/web 80/TCP': 'deny',
    'unlabelled/client > prod/api 8080/TCP': 'deny',
  },
  'allow-all-over-deny': {
    'unlabelled/client > prod/db 5432/TCP': 'allow',
    'prod/web > prod/db 5432/TCP': 'allow',
    'prod/web > dev/web 80/TCP': 'deny',
    'dev/web > prod/web 80/TCP': 'deny',
  },
  'allow-external-traffic': {
    'host:office > prod/web 80/TCP': 'allow',
    'host:office > prod/web 8080/TCP': 'deny',
    'host:quarantined > prod/web 80/TCP': 'deny',
    'host:stranger > prod/web 80/TCP': 'deny',
    'prod/client > prod/web 80/TCP': 'deny',
    'host:quarantined > prod/api 80/TCP': 'allow',
  },
  'egress-to-cidr': {
    'prod/worker > host:database 5432/TCP': 'allow',
    'prod/worker > host:database 8080/TCP': 'deny',
    'prod/worker > host:decommissioned 5432/TCP': 'deny',
    'prod/worker > host:elsewhere 5432/TCP': 'deny',
    'prod/worker > prod/db 5432/TCP': 'deny',
    'prod/other > prod/worker 5432/TCP': 'allow',
    'prod/other > host:elsewhere 5432/TCP': 'allow',
  },
  established: {
    'dev/client > prod/web 80/TCP': 'allow',
    'dev/client > prod/web 53/UDP': 'allow',
    'prod/web > dev/client 80/TCP': 'allow',
  },
};

describe('the scenarios that come with podreach', () => {
  let scenarios: readonly Scenario[] = [];
  before(async () => {
    scenarios = await loadScenarios([fileURLToPath(new URL('../../../scenarios', import.meta.url))]);
  });

  it('load, with an intent and an expectation, on small topologies', () => {
    expect(scenarios.map(({ name }) => name)).to.have.members(Object.keys(cells));
    for (const { name, intent, steps } of scenarios) {
      expect(intent, name).to.be.a('string');
      expect(steps[0]?.expected, name).to.be.an('array');
      expect(podsOf(steps[0].topology).length, name).to.be.within(2, 7);
    }
    expect(scenarios.filter(({ steps }) => steps[0]?.form === 'grid')).to.have.length.of.at.least(3);
  });

  it('share one topology if they have no hosts, except for three, so that its pods are reused', () => {
    const topologies = scenarios.map(({ steps: [{ topology }] }) => topology);
    const inside = topologies.filter(({ hosts }) => hosts.length === 0);
    expect(new Set(inside.map((topology) => JSON.stringify(topology)))).to.have.property('size', 4);
  });

  for (const [name, wanted] of Object.entries(cells))
    it(`expect of ${name} what the specification says`, () => {
      const expected = scenarios.find((scenario) => scenario.name === name)?.steps[0]?.expected;
      const all = new Map(
        (Array.isArray(expected) ? (expected as ExpectedProbe[]) : []).map((probe) => [
          probeKey(probe),
          probe.expectation,
        ]),
      );
      expect(Object.fromEntries(Object.keys(wanted).map((key) => [key, all.get(key)]))).to.deep.equal(wanted);
    });
});
