import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/model/index.ts';
import { backendsOf } from '../../src/model/route.ts';
import type { Probe, WorldService } from '../../src/model/world.ts';
import type { Case } from '../naive/arbitrary.ts';
import { routedProbesOf, servedCases } from '../naive/arbitrary-services.ts';
import { compiled } from '../naive/cells.ts';
import { decideNaively, type Verdict } from '../naive/decide.ts';
import { decideAnyNaively } from '../naive/services.ts';

const only = (verdicts: readonly Verdict[]): Verdict => {
  const [first = 'deny', ...others] = new Set(verdicts);
  return others.length > 0 ? 'unknown' : first;
};

/** The probes of a case to its Service by its address, each with what is behind it. */
const behind = ({ world, manifests }: Case) => {
  const model = compiled(manifests, world);
  const service = world.services?.[0] as WorldService;
  return routedProbesOf(world)
    .filter(({ to }) => to.startsWith('svc:'))
    .map((probe) => {
      const port = service.ports.find(({ number, protocol }) => number === probe.port && protocol === probe.protocol);
      const backends = port ? backendsOf(model, service, port) : [];
      const probes = backends.map(([backend, number]): Probe => ({ ...probe, to: backend.name, port: number }));
      return { decision: decide(model, probe), probe, probes };
    })
    .filter(({ probe, probes }) => probes.every(({ to }) => to !== probe.from));
};

describe('probes to Services and nodes', function () {
  this.timeout(60_000);
  const counts: Record<string, number> = {};
  const count = (kind: string): void => {
    counts[kind] = (counts[kind] ?? 0) + 1;
  };

  it('are decided as the second opinion decides them, in random worlds', () =>
    fc.assert(
      fc.property(servedCases, ({ world, manifests }) => {
        const model = compiled(manifests, world);
        for (const probe of routedProbesOf(world)) {
          const verdict = decideAnyNaively(manifests, world, probe);
          count(`${probe.to.split(':')[0]?.replace(/^.*\/.*$/, 'from node')} ${verdict}`);
          const told = decide(model, probe);
          if (told !== verdict) expect.fail(`${JSON.stringify(probe)}: ${verdict}, but the model says ${told}`);
        }
      }),
      { numRuns: 70 },
    ));

  it('were of every kind, each with every verdict', () => {
    for (const kind of ['svc', 'dns', 'nodeport', 'external', 'node', 'from node'])
      for (const verdict of ['allow', 'deny', 'unknown'])
        expect(counts[`${kind} ${verdict}`] ?? 0, `${kind} ${verdict}`).to.be.above(0);
  });

  it('say of a Service what is true of each pod on its own port, and nothing for sure if they differ', () => {
    let single = 0;
    let differing = 0;
    fc.assert(
      fc.property(servedCases, (base) => {
        for (const { decision, probe, probes } of behind(base)) {
          if (probes.length === 0) continue;
          const verdicts = probes.map((pod) => decideNaively(base.manifests, base.world, pod));
          if (probes.length === 1) single += 1;
          if (new Set(verdicts).size > 1) differing += 1;
          if (decision !== only(verdicts)) expect.fail(`${JSON.stringify(probe)}: ${decision}, of ${verdicts.join()}`);
        }
      }),
      { numRuns: 150 },
    );
    expect(single).to.be.above(30);
    expect(differing).to.be.above(0);
  });

  it("never depend on the Service's own port or name", () =>
    fc.assert(
      fc.property(servedCases, ({ world, manifests }) => {
        const services = world.services?.map((service) => ({
          ...service,
          name: 'other',
          ports: service.ports.map((port) => ({ ...port, number: port.number + 1000 })),
        }));
        const before = compiled(manifests, world);
        const after = compiled(manifests, { ...world, ...(services && { services }) });
        for (const probe of routedProbesOf(world)) {
          if (!/^(svc|dns|nodeport):/.test(probe.to)) continue;
          const moved = { ...probe, to: probe.to.replace(/\/s$/, '/other'), port: probe.port + 1000 };
          if (decide(after, moved) !== decide(before, probe)) expect.fail(JSON.stringify(probe));
        }
      }),
      { numRuns: 30 },
    ));
});
