import { expect } from 'chai';
import fc from 'fast-check';
import { compareCells, compile, decide, type Model, readPolicies, withPolicies } from '../../src/model/index.ts';
import type { World } from '../../src/model/world.ts';
import { cases, PROBED, policies as policyManifests } from '../naive/arbitrary.ts';
import { probesOf } from '../naive/cells.ts';

const told = (before: Model, after: Model) => {
  const [was, is] = [before, after].map((model) => ({ model, portsOf: () => PROBED }));
  const cells = compareCells(was as NonNullable<typeof was>, is as NonNullable<typeof is>, () => true);
  return [...cells].flatMap(({ from, to, port, ...rest }) =>
    from.flatMap(({ names }) =>
      names.flatMap((source) =>
        to
          .flat()
          .filter((target) => target !== source)
          .map((target) => `${source} ${target} ${port.number}/${port.protocol} ${rest.before} ${rest.after}`),
      ),
    ),
  );
};

const seen = (before: Model, after: Model, worlds: readonly World[]): readonly string[] => {
  const probes = new Map(
    worlds.flatMap(probesOf).map((one) => [`${one.from} ${one.to} ${one.port}/${one.protocol}`, one]),
  );
  return [...probes].flatMap(([key, probe]) => {
    if (probe.from === probe.to) return [];
    const [was, is] = [before, after].map((model) =>
      model.endpoints.has(probe.from) && model.endpoints.has(probe.to) ? decide(model, probe) : null,
    );
    return was === is && was !== 'unknown' ? [] : [`${key} ${was} ${is}`];
  });
};

describe('compareCells', () => {
  it('finds what decide sees differ between two worlds, each cell once', () => {
    let cells = 0;
    fc.assert(
      fc.property(cases, cases, (one, other) => {
        const [before, after] = [one, other].map(({ world, manifests }) => compile(world, readPolicies(manifests)));
        const wanted = seen(before as Model, after as Model, [one.world, other.world]);
        cells += wanted.length;
        expect(told(before as Model, after as Model).sort()).to.deep.equal(wanted.toSorted());
      }),
      { numRuns: 25 },
    );
    expect(cells).to.be.above(1_000);
  });

  it('finds the same if only one policy differs', () => {
    fc.assert(
      fc.property(cases, policyManifests, fc.nat(), ({ world, manifests }, added, at) => {
        const before = compile(world, readPolicies(manifests));
        const policies = [...before.policies];
        policies.splice(at % (policies.length + 1), 1, ...readPolicies([added]));
        const after = withPolicies(before, policies);
        expect(told(before, after).sort()).to.deep.equal(seen(before, after, [world]).toSorted());
      }),
      { numRuns: 25 },
    );
  });

  it('calls a cell untouched only if the same rules apply to it on both sides', () => {
    const block = (cidr: string) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'block', namespace: 'prod' },
      spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr } }] }] },
    });
    const world = { namespaces: [{ name: 'prod' }], pods: ['a', 'b'].map((name) => ({ namespace: 'prod', name })) };
    const one = compile(world, readPolicies([block('10.0.0.0/8')]));
    const both = (other: Model) => {
      const [was, is] = [one, other].map((model) => ({ model, portsOf: () => PROBED.slice(0, 1) }));
      return [...compareCells(was as NonNullable<typeof was>, is as NonNullable<typeof is>, () => true)];
    };
    expect(both(withPolicies(one, one.policies)).map(({ untouched }) => untouched)).to.deep.equal([true]);
    expect(
      both(withPolicies(one, readPolicies([block('10.0.0.0/9')]))).map(({ untouched }) => untouched),
    ).to.deep.equal([false]);
  });
});
