import { expect } from 'chai';
import fc from 'fast-check';
import { explain } from '../../../../src/model/explain/explain.ts';
import { decide } from '../../../../src/model/index.ts';
import { meets } from '../../../../src/model/selector.ts';
import { cases } from '../../../naive/arbitrary.ts';
import { routedProbesOf, servedCases } from '../../../naive/arbitrary-services.ts';
import { compiled, probesOf } from '../../../naive/cells.ts';

/** Asked hundreds of thousands of times, where chai takes longer than what is tested. */
const holds = (what: string, does: boolean): void => {
  if (!does) expect.fail(`${what} does not agree`);
};

describe('explain decides as `decide` does', function () {
  this.timeout(60_000);

  it('for every cell of random worlds, its parts agree with the whole, and requirements that it names really fail', () =>
    fc.assert(
      fc.property(cases, ({ world, manifests }) => {
        const model = compiled(manifests, world);
        for (const probe of probesOf(world)) {
          const { decision, sides } = explain(model, probe);
          holds('the decision', decision === decide(model, probe));
          for (const side of sides) {
            const rules = side.policies.flatMap((policy) => policy.rules);
            const answers = rules.map(({ answer }) => answer);
            const peer = model.endpoints.get(side.direction === 'egress' ? probe.to : probe.from);
            const isolated = model.endpoints.get(side.endpoint);
            const several = (peer?.addresses ?? peer?.families ?? []).length > 1;
            if (side.decision === 'allow')
              holds('a yes where it allows', side.policies.length === 0 || answers.includes('yes') || several);
            else holds('no yes where it does not', side.policies.length > 0 && !answers.includes('yes'));
            if (side.decision === 'deny') holds('no unknown where it denies', !answers.includes('unknown'));
            holds('what it depends on', side.hangsOn.length > 0 === (side.decision === 'unknown'));
            for (const { answer, peers, ports } of rules) {
              const portFits = !ports || ports.some(({ reason }) => !reason);
              const peerFits = !peers || peers.some((one) => one.answer === 'yes');
              if (!several && (!peer?.hostNetwork || isolated?.hostNetwork))
                holds('both fit', (answer === 'yes') === (portFits && peerFits));
              if (answer === 'yes') holds('the port fits', portFits);
              for (const one of peers ?? []) {
                holds('a reason', (one.reason === null) === (one.answer === 'yes'));
                if (one.reason?.kind === 'pod-labels')
                  holds('a label that fails', !meets(one.reason.unmet.requirement, peer?.labels ?? {}));
                if (one.reason?.kind === 'namespace-labels')
                  holds('a label that fails', !meets(one.reason.unmet.requirement, peer?.namespace?.labels ?? {}));
              }
            }
          }
        }
      }),
      { numRuns: 15 },
    ));

  it('for nodes, and says what it depends on whenever it is unknown', () =>
    fc.assert(
      fc.property(servedCases, ({ world, manifests }) => {
        const model = compiled(manifests, world);
        for (const probe of routedProbesOf(world)) {
          if (/^(svc|dns|nodeport|external):/.test(probe.to)) continue;
          const { decision, sides } = explain(model, probe);
          holds('the decision', decision === decide(model, probe));
          for (const side of sides)
            holds('what it depends on', side.hangsOn.length > 0 === (side.decision === 'unknown'));
        }
      }),
      { numRuns: 18 },
    ));
});
