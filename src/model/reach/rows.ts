import { type Decision, facesOf, type Model, matchesPeers, seenBy } from '../decide.ts';
import type { Endpoint } from '../endpoint.ts';
import { coversPort } from '../match.ts';
import type { Direction, NetworkPolicy, PolicyPort, Rule } from '../policy.ts';
import { portsOf, rulesIn } from '../rules.ts';
import type { Port } from '../world.ts';
import { addBits, type Bits, clearBit, emptyBits, fullBits, hasBit, isEqual, type Row, setBit } from './bits.ts';
import type { EndpointClass } from './classes.ts';
import { createPeerRows } from './peer-rows.ts';

/** All connections to one port, with each direction decided separately: `decideSide` for many at once. */
export interface Rows {
  /** The sources that the ingress policies of a destination let in. */
  ingress(to: EndpointClass): Row;
  /** The destinations to which the egress policies of a source let it out. */
  egress(from: EndpointClass): Row;
}

export const decisionIn = ({ sure, possible }: Row, { id }: EndpointClass): Decision =>
  hasBit(sure, id) ? 'allow' : hasBit(possible, id) ? 'unknown' : 'deny';

/** What isolates endpoints in one direction. Classes with the same policies share one. */
interface Isolation {
  readonly terms: readonly Term[];
  /** Whether a rule names a port, so that what it lets through depends on the destination. */
  readonly isNamed: boolean;
}

/** A rule and, for egress to a named port, the destinations where the name means this port. */
interface Term {
  readonly rule: Rule;
  readonly policy: NetworkPolicy;
  readonly where?: Bits;
}

/** The rows of a port in one direction, of all models; by class where they are not the same for all classes. */
interface MadeRows {
  readonly byIsolation: Map<Isolation, Row>;
  readonly byClass: Map<Isolation, Row[]>;
}

/** Rows are made on demand, and shared where the same rules make them, even between models of the same endpoints. */
export const createRows = (classes: readonly EndpointClass[]): ((model: Model) => (port: Port) => Rows) => {
  const size = classes.length;
  const everyone = fullBits(size);
  const all: Row = { sure: everyone, possible: everyone };
  const onHosts = bitsWhere(classes, ({ hostNetwork }) => hostNetwork);
  // Rules can't simply be added up for these.
  const special = classes.filter(({ sample }) => sample.hostNetwork || facesOf(sample).length > 1);
  const peerRow = createPeerRows(classes);
  const number = createNumbers();

  const makeRow = (terms: readonly Term[], own: Endpoint): Row => {
    const sure = emptyBits(size);
    // Undefined for hostNetwork pods. A pod's traffic with its own node is always allowed.
    const possible = own.hostNetwork ? fullBits(size) : onHosts.slice();
    for (const { rule, policy, where } of terms)
      for (const row of rule.peers ? rule.peers.map((peer) => peerRow(peer, policy)) : [all]) {
        addBits(sure, row.sure, where);
        addBits(possible, row.possible, where);
      }
    for (const { id, sample } of special) {
      const isSure = facesOf(seenBy(own, sample)).every((face) =>
        terms.some(
          ({ rule, policy, where }) =>
            (!where || hasBit(where, id)) &&
            matchesPeers(rule.peers, policy.namespace, face, where !== undefined) === 'yes',
        ),
      );
      if (isSure) setBit(sure, id);
      else clearBit(sure, id);
    }
    // Whoever wants to know whether a row leaves anything open then sees it at once.
    return { sure, possible: isEqual(sure, possible) ? sure : possible };
  };
  const rows = new Map<string, Row>();
  const rowOf = (terms: readonly Term[], own: Endpoint): Row => {
    const parts = terms.map(({ rule, where }) => (where ? `${number(rule)}:${number(where)}` : number(rule)));
    const key = `${own.hostNetwork ? 'node' : ''}${parts.join()}`;
    const row = rows.get(key) ?? makeRow(terms, own);
    rows.set(key, row);
    return row;
  };

  const nameBits = new Map<string, (named: NamedPort) => Bits>();
  const nameBitsFor = (port: Port): ((named: NamedPort) => Bits) => {
    const key = `${port.number}/${port.protocol}`;
    const bits = nameBits.get(key) ?? createNameBits(classes, port);
    nameBits.set(key, bits);
    return bits;
  };

  const isolationsFor = { ingress: createIsolations('ingress'), egress: createIsolations('egress') };
  const made = new Map<string, MadeRows>();
  const madeFor = (direction: Direction, { number: its, protocol }: Port): MadeRows => {
    const key = `${direction} ${its}/${protocol}`;
    const rowsMade = made.get(key) ?? { byIsolation: new Map(), byClass: new Map() };
    made.set(key, rowsMade);
    return rowsMade;
  };

  const rowsFor = (isolations: Isolations, port: Port): Rows => {
    const whereNamed = nameBitsFor(port);
    const termsFor = {
      ingress: ({ terms }: Isolation, to: Endpoint) => terms.filter(({ rule }) => covers(rule, port, to)),
      egress: ({ terms }: Isolation) =>
        terms.flatMap((term): readonly Term[] => {
          if (covers(term.rule, port, NAMELESS)) return [term];
          return namesIn(term.rule).map((name) => ({ ...term, where: whereNamed(name) }));
        }),
    };
    const find = (direction: Direction): ((own: EndpointClass) => Row) => {
      const byClass: Row[] = [];
      const rowsMade = madeFor(direction, port);
      const make = (isolation: Isolation, { sample }: EndpointClass): Row =>
        rowOf(termsFor[direction](isolation, sample), sample);
      const findIn = (isolation: Isolation, own: EndpointClass): Row => {
        const depends = (isolation.isNamed && direction === 'ingress') || own.sample.hostNetwork;
        if (!depends) {
          const row = rowsMade.byIsolation.get(isolation) ?? make(isolation, own);
          rowsMade.byIsolation.set(isolation, row);
          return row;
        }
        const its = rowsMade.byClass.get(isolation) ?? [];
        rowsMade.byClass.set(isolation, its);
        const row = its[own.id] ?? make(isolation, own);
        its[own.id] = row;
        return row;
      };
      return (own) => {
        const known = byClass[own.id];
        if (known) return known;
        const isolation = isolations[direction](own);
        const row = isolation ? findIn(isolation, own) : all;
        byClass[own.id] = row;
        return row;
      };
    };
    return { ingress: find('ingress'), egress: find('egress') };
  };
  return (model) => {
    const isolations = { ingress: isolationsFor.ingress(model), egress: isolationsFor.egress(model) };
    return (port) => rowsFor(isolations, port);
  };
};

/** Finds what isolates a class in each direction; null if nothing does. */
type Isolations = Readonly<Record<Direction, (own: EndpointClass) => Isolation | null>>;

/** Finds what isolates a class of a model; null if nothing does. The same policies are the same isolation in all models. */
const createIsolations = (direction: Direction) => {
  const number = createNumbers();
  const byPolicies = new Map<string, Isolation>();
  const find = (model: Model, { sample }: EndpointClass): Isolation | null => {
    const policies = model.isolating(sample, direction);
    if (policies.length === 0) return null;
    const key = policies.map(number).join();
    const known = byPolicies.get(key);
    if (known) return known;
    const terms = policies.flatMap((policy) => rulesIn(policy, direction).map((rule) => ({ rule, policy })));
    const isolation = { terms, isNamed: terms.some(({ rule }) => namesIn(rule).length > 0) };
    byPolicies.set(key, isolation);
    return isolation;
  };
  return (model: Model): ((own: EndpointClass) => Isolation | null) => {
    const byClass: (Isolation | null)[] = [];
    return (own) => {
      const known = byClass[own.id];
      if (known !== undefined) return known;
      const found = find(model, own);
      byClass[own.id] = found;
      return found;
    };
  };
};

/** Numbers things; the same thing always gets the same number. */
const createNumbers = (): ((thing: object) => number) => {
  const numbers = new Map<object, number>();
  return (thing) => {
    const number = numbers.get(thing) ?? numbers.size;
    numbers.set(thing, number);
    return number;
  };
};

const NAMELESS = { ports: [] };

const covers = ({ ports }: Rule, { number, protocol }: Port, to: Pick<Endpoint, 'ports'>): boolean =>
  !ports || ports.some((port) => coversPort(port, { port: number, protocol }, to));

type NamedPort = PolicyPort & { readonly name: string };

const namesIn = (rule: Rule): readonly NamedPort[] => portsOf(rule).filter((port): port is NamedPort => 'name' in port);

const bitsWhere = (classes: readonly EndpointClass[], holds: (sample: Endpoint) => boolean): Bits => {
  const bits = emptyBits(classes.length);
  for (const { id, sample } of classes) if (holds(sample)) setBit(bits, id);
  return bits;
};

/** The destinations on which the name means the port. */
const createNameBits = (classes: readonly EndpointClass[], { number, protocol }: Port) => {
  const found = new Map<string, Bits>();
  return (named: NamedPort): Bits => {
    const key = `${named.name} ${named.protocol}`;
    const bits = found.get(key) ?? bitsWhere(classes, (to) => coversPort(named, { port: number, protocol }, to));
    found.set(key, bits);
    return bits;
  };
};
