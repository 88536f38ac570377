import { expect } from 'chai';
import type { Model } from '../../../../src/model/decide.ts';
import {
  changesBetween,
  compile,
  decide,
  reachability,
  readPolicies,
  withPolicies,
} from '../../../../src/model/index.ts';
import type { Port, Probe, Protocol } from '../../../../src/model/world.ts';
import { BLOCKS } from '../../../naive/specification/blocks.ts';
import { HOST_NETWORK } from '../../../naive/specification/host-network.ts';
import { ISOLATION } from '../../../naive/specification/isolation.ts';
import { PEERS } from '../../../naive/specification/peers.ts';
import { PORTS } from '../../../naive/specification/ports.ts';
import type { Row } from '../../../naive/specification/row.ts';
import { SELECTORS } from '../../../naive/specification/selectors.ts';
import { WORLD } from '../../../naive/specification/world.ts';

const TOPICS: Readonly<Record<string, readonly Row[]>> = {
  isolation: ISOLATION,
  peers: PEERS,
  selectors: SELECTORS,
  ports: PORTS,
  'ip blocks': BLOCKS,
  'hostNetwork pods': HOST_NETWORK,
};

/** The ports that the cells of a row ask for. */
const portsOf = ({ cells }: Row): readonly Port[] => {
  const texts = new Set(cells.map((cell) => / (\d+\/\w+): /.exec(cell)?.[1] ?? expect.fail(`no port in ${cell}`)));
  return [...texts].map((text) => {
    const [number, protocol] = text.split('/');
    return { number: Number(number), protocol: protocol as Protocol };
  });
};

const probesOf = ({ endpoints }: Model, ports: readonly Port[]): readonly Probe[] => {
  const names = [...endpoints.keys()];
  return names.flatMap((from) =>
    names.flatMap((to) => ports.map(({ number, protocol }) => ({ from, to, port: number, protocol }))),
  );
};

const textOf = ({ from, to, port, protocol }: Probe, verdict: string) =>
  `${from} > ${to} ${port}/${protocol}: ${verdict}`;

/** The cells that changesBetween tells, one by one; it tells no change of nothing. */
const changedCells = (before: Model, after: Model, ports: readonly Port[]): readonly string[] =>
  changesBetween(before, after, ports).flatMap((change) => {
    const [sources, destinations] = [change.from, change.to].map((classes) =>
      classes.flatMap(({ members }) => members),
    );
    const { number, protocol } = change.port;
    const cells = (sources ?? []).flatMap((from) =>
      (destinations ?? [])
        .filter((to) => to !== from)
        .map((to) =>
          textOf({ from: from.name, to: to.name, port: number, protocol }, `${change.before} → ${change.after}`),
        ),
    );
    expect(cells).to.have.length.above(0);
    return cells;
  });

const seenCells = (before: Model, after: Model, ports: readonly Port[]): readonly string[] =>
  probesOf(before, ports).flatMap((probe) => {
    const [was, is] = [decide(before, probe), decide(after, probe)];
    return was === is ? [] : [textOf(probe, `${was} → ${is}`)];
  });

describe('what the specification says, as a matrix', () => {
  for (const [topic, rows] of Object.entries(TOPICS)) {
    it(`of ${topic}: each cell of the examples, and all others as decide has them`, () => {
      for (const row of rows) {
        const ports = portsOf(row);
        const model = compile(row.world ?? WORLD, readPolicies(row.policies));
        const matrix = reachability(model, ports);
        const probes = probesOf(model, ports);
        const told = probes.map((probe) => textOf(probe, matrix.decideProbe(probe)));
        expect(told, row.says).to.include.members([...row.cells]);
        expect(told, row.says).to.deep.equal(probes.map((probe) => textOf(probe, decide(model, probe))));
      }
    });

    it(`of ${topic}: what changes from no policy to each example, and from there to the next of the same world`, () => {
      for (const [at, row] of rows.entries()) {
        const world = row.world ?? WORLD;
        const next = rows.slice(at + 1).find((other) => (other.world ?? WORLD) === world);
        const none = compile(world, []);
        const own = withPolicies(none, readPolicies(row.policies));
        const steps = [
          [none, own, portsOf(row)],
          ...(next ? [[own, withPolicies(none, readPolicies(next.policies)), portsOf(next)] as const] : []),
        ] as const;
        for (const [before, after, ports] of steps)
          expect(changedCells(before, after, ports), row.says).to.have.members(seenCells(before, after, ports));
      }
    });
  }
});
