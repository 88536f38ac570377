import { expect } from 'chai';
import fc from 'fast-check';
import { changesBetween, compile, decide, readPolicies, withPolicies } from '../../../../src/model/index.ts';
import { cases, PROBED, policies as policyManifests } from '../../../naive/arbitrary.ts';
import { probesOf } from '../../../naive/cells.ts';

describe('changesBetween', () => {
  it('reports exactly the connections that decide sees change, each once', () => {
    let changes = 0;
    fc.assert(
      fc.property(cases, policyManifests, fc.nat(), ({ world, manifests }, added, at) => {
        const before = compile(world, readPolicies(manifests));
        const policies = [...before.policies];
        policies.splice(at % (policies.length + 1), 1, ...readPolicies([added]));
        const after = withPolicies(before, policies);
        const told = changesBetween(before, after, PROBED).flatMap(({ from, to, port, ...decisions }) =>
          from.flatMap((sources) =>
            sources.members.flatMap((source) =>
              to.flatMap((destinations) =>
                destinations.members
                  .filter((destination) => destination !== source)
                  .map((destination) =>
                    JSON.stringify([source.name, destination.name, port.number, port.protocol, decisions]),
                  ),
              ),
            ),
          ),
        );
        const seen = probesOf(world).flatMap((probe) => {
          const decisions = { before: decide(before, probe), after: decide(after, probe) };
          const { from, to, port, protocol } = probe;
          return decisions.before === decisions.after ? [] : JSON.stringify([from, to, port, protocol, decisions]);
        });
        changes += seen.length;
        expect(told.sort()).to.deep.equal(seen.sort());
      }),
      { numRuns: 35 },
    );
    expect(changes).to.be.above(200);
  });

  it('finds nothing if nothing is changed', () => {
    fc.assert(
      fc.property(cases, ({ world, manifests }) => {
        const model = compile(world, readPolicies(manifests));
        expect(changesBetween(model, withPolicies(model, [...model.policies].reverse()), PROBED)).to.deep.equal([]);
      }),
      { numRuns: 20 },
    );
  });
});
