import type { Decision, Model } from '../decide.ts';
import type { Port, Probe } from '../world.ts';
import type { Row } from './bits.ts';
import { type Bits, isEqual, keepBits, transposeBits } from './bits.ts';
import { classesOf, type EndpointClass } from './classes.ts';
import { portCut } from './port-cut.ts';
import { createRows, decisionIn, type Rows } from './rows.ts';

/** A full matrix, by classes of endpoints that no policy can tell apart. */
export interface Reachability {
  readonly classes: readonly EndpointClass[];
  readonly ports: readonly Port[];
  /** The decision from any endpoint of one class to any other endpoint of the other, on one of the ports. */
  decide(from: EndpointClass, to: EndpointClass, port: Port): Decision;
  /**
   * The same for endpoints by name; throws a RangeError for an unknown endpoint, or for a port that is not in `ports`.
   */
  decideProbe(probe: Probe): Decision;
}

/** One row per source: the destinations that are surely reached, and those plus the ones that may be. */
interface Layer {
  readonly sure: readonly Bits[];
  readonly possible: readonly Bits[];
}

/** Decides every connection between the model's endpoints on the ports; equal to calling `decide` for each. */
export const reachability = (model: Model, ports: readonly Port[]): Reachability => {
  const classes = classesOf(model);
  const rows = createRows(classes)(model);
  const cut = portCut(model);
  const layers = new Map<string, Layer>();
  const layerOf = new Map<string, Layer>();
  for (const port of ports) {
    const layer = layers.get(cut(port)) ?? createLayer(rows(port), classes);
    layers.set(cut(port), layer);
    layerOf.set(`${port.number}/${port.protocol}`, layer);
  }
  const classOf = new Map<string, EndpointClass>(
    classes.flatMap((own) => own.members.map(({ name }) => [name, own] as const)),
  );

  const decideClasses = (from: EndpointClass, to: EndpointClass, { number, protocol }: Port): Decision => {
    const layer = layerOf.get(`${number}/${protocol}`);
    if (!layer) throw new RangeError(`port ${number}/${protocol} was not asked for`);
    return decisionIn({ sure: layer.sure[from.id] as Bits, possible: layer.possible[from.id] as Bits }, to);
  };
  const classNamed = (name: string): EndpointClass => {
    const found = classOf.get(name);
    if (!found) throw new RangeError(`there is no endpoint ${name} in this model`);
    return found;
  };
  return {
    classes,
    ports,
    decide: decideClasses,
    decideProbe: ({ from, to, port, protocol }) => {
      const decision = decideClasses(classNamed(from), classNamed(to), { number: port, protocol });
      return from === to ? 'allow' : decision;
    },
  };
};

const createLayer = (rows: Rows, classes: readonly EndpointClass[]): Layer => {
  const out = classes.map(rows.egress);
  const into = classes.map(rows.ingress);
  const sure = meet(out, into, 'sure');
  const isSure = [...new Set([...out, ...into])].every((row) => isEqual(row.sure, row.possible));
  return { sure, possible: isSure ? sure : meet(out, into, 'possible') };
};

/** What both sides let through, by source. */
const meet = (out: readonly Row[], into: readonly Row[], what: keyof Row): readonly Bits[] => {
  const rows = transposeBits(into.map((row) => row[what]));
  for (const [at, row] of rows.entries()) keepBits(row, (out[at] as Row)[what]);
  return rows;
};
