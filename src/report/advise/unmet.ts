import type { Unmet, WantedCell } from '../../advise/index.ts';
import { type Probe, portText } from '../../scenario/index.ts';
import { listText } from './intent.ts';

/** `dev/a -> prod/web 80/TCP over IPv6` */
const probeText = ({ from, to, port, protocol, family }: Probe): string =>
  `${from} -> ${to} ${portText({ number: port, protocol })}${family === undefined ? '' : ` over ${family}`}`;

/** `dev/a -> prod/web 80/TCP: allow is expected, but it stays closed, because …` */
export const unmetText = (unmet: Unmet): string => {
  const { cell, prediction } = unmet;
  return `${probeText(cell)}: ${cell.expectation} is expected, but ${RESULT[prediction.decision]}, because ${whyText(unmet)}`;
};

const RESULT = { allow: 'it is open', deny: 'it stays closed', unknown: "that can't be promised" } as const;

const whyText = ({ cell, why }: Unmet): string => {
  switch (why.kind) {
    case 'alike': {
      const wanted = cell.expectation === 'allow' ? 'blocked' : 'allowed';
      const only = why.passing.length > 0 ? ` (only ${listText(why.passing)} does)` : '';
      return `no lasting label tells it from ${probeText(why.other)}, which is to be ${wanted}${only}`;
    }
    case 'family':
      return 'the other IP family is expected otherwise, and selectors select pods, not addresses';
    case 'backend': {
      const wanted = cell.expectation === 'allow' ? 'is closed' : 'is open';
      return `policies see the pod behind the Service, and ${probeText(why.cell)} ${wanted}`;
    }
    case 'no-backend':
      return 'no pod is behind the Service';
    case 'lookup':
      return 'other names are to be looked up by the same pod, and policies see only that it asks a DNS server';
    case 'itself':
      return 'a pod reaches itself there through a Service, of which the specification leaves undefined what policies see';
    case 'kubelet':
    case 'own-node':
      return 'the node of a pod may always reach it, and be reached from it';
    case 'node':
      return 'no selector selects a node, and its address is not known';
    case 'node-between':
      return 'a node is in between, and the specification leaves undefined which address policies see';
    case 'host-network':
      return `${why.endpoint} has the network of its node, and the specification leaves undefined what policies do to it`;
    case 'direction':
      return 'it could be closed only in the direction that is to stay open';
    case 'address':
      return 'it depends on an address that is not known';
  }
};

/** `dev/a -> prod/web 80/TCP: the probe broke` */
export const doubtText = (cell: WantedCell): string => `${probeText(cell)}: ${cell.doubt ? DOUBTS[cell.doubt] : ''}`;

const DOUBTS: Readonly<Record<NonNullable<WantedCell['doubt']>, string>> = {
  undefined: 'the specification leaves it undefined',
  undecided: "the model can't decide it without a cluster",
  error: 'the probe broke',
  unsupported: "it can't be probed there",
  flaky: 'it changed between attempts',
  'not-seen': 'it was not seen',
};
