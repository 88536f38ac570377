import { expect } from 'chai';
import type { Probe, Protocol } from '../../../src/model/world.ts';
import { modelOf } from '../../naive/cells.ts';
import { decideAnyNaively } from '../../naive/services.ts';
import { BLOCKS } from '../../naive/specification/blocks.ts';
import { DNS_SERVERS } from '../../naive/specification/dns-servers.ts';
import { HOST_NETWORK } from '../../naive/specification/host-network.ts';
import { ISOLATION } from '../../naive/specification/isolation.ts';
import { NODE_PORTS } from '../../naive/specification/node-ports.ts';
import { NODES } from '../../naive/specification/nodes.ts';
import { OUTSIDE_ADDRESSES } from '../../naive/specification/outside-addresses.ts';
import { PEERS } from '../../naive/specification/peers.ts';
import { PORTS } from '../../naive/specification/ports.ts';
import type { Row } from '../../naive/specification/row.ts';
import { SELECTORS } from '../../naive/specification/selectors.ts';
import { SERVICES } from '../../naive/specification/services.ts';
import { WORLD } from '../../naive/specification/world.ts';

const TOPICS: Readonly<Record<string, readonly Row[]>> = {
  isolation: ISOLATION,
  peers: PEERS,
  selectors: SELECTORS,
  ports: PORTS,
  'ip blocks': BLOCKS,
  'hostNetwork pods': HOST_NETWORK,
  nodes: NODES,
  Services: SERVICES,
  'DNS servers': DNS_SERVERS,
  'node ports': NODE_PORTS,
  'addresses outside': OUTSIDE_ADDRESSES,
};

const CELL = /^(\S+) > (\S+) (\d+)\/(TCP|UDP|SCTP): (allow|deny|unknown)$/;

const cellOf = (text: string): { readonly probe: Probe; readonly verdict: string } => {
  const [, from = '', to = '', port, protocol, verdict = ''] = CELL.exec(text) ?? expect.fail(`no cell: ${text}`);
  return { probe: { from, to, port: Number(port), protocol: protocol as Protocol }, verdict };
};

describe('what the specification says', () => {
  for (const [topic, rows] of Object.entries(TOPICS))
    describe(topic, () => {
      for (const { says, shows, policies, cells, world = WORLD } of rows) {
        const title = shows ? `${says}: ${shows}` : says;
        const rewritten = (decide: (probe: Probe) => string): readonly string[] =>
          cells.map((cell) => {
            const { probe, verdict } = cellOf(cell);
            return cell.replace(new RegExp(`${verdict}$`), decide(probe));
          });

        it(title, () => expect(rewritten(modelOf(policies, world))).to.deep.equal(cells));
        it(`${title} (second opinion)`, () =>
          expect(rewritten((probe) => decideAnyNaively(policies, world, probe))).to.deep.equal(cells));
      }
    });
});
