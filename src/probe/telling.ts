import type { Reading } from './classify.ts';

export const isBlocked = ({ verdict }: Pick<Reading, 'verdict'>): boolean =>
  verdict === 'dropped' || verdict === 'rejected';

export const isAllowed = ({ verdict }: Pick<Reading, 'verdict'>): boolean => verdict === 'allowed';

/** What the readings of one attempt are divided into. */
interface Attempted {
  /** The lookups of a name. */
  readonly lookups: readonly Reading[];
  readonly connections: readonly Reading[];
  /** Each connection may have met another backend of a Service. */
  readonly spread: boolean;
}

interface Rule {
  readonly when: (attempted: Attempted) => boolean;
  readonly counts: (attempted: Attempted) => readonly Reading[];
}

/** The first matching rule says which readings count. */
const RULES: readonly Rule[] = [
  { when: ({ connections }) => connections.length === 0, counts: ({ lookups }) => firstOfEach(lookups) },
  {
    // It proves nothing: the C library queries from a port that the kernel chose, which an earlier lookup may have
    // opened.
    when: ({ lookups, connections }) => !lookups.every(isAllowed) && connections.some(isAllowed),
    counts: ({ lookups, connections }) => [...firstOfEach(lookups), ...connections.map(doubted)],
  },
  {
    // The failed lookup explains why there is no connection.
    when: ({ lookups }) => !lookups.every(isAllowed),
    counts: ({ lookups }) => firstOfEach(lookups),
  },
  // A successful lookup says nothing about the connection.
  { when: ({ spread }) => spread, counts: ({ connections }) => firstChoices(connections) },
  { when: () => true, counts: ({ connections }) => withoutLoss(connections) },
];

/** The readings of one attempt that count. */
export const telling = (readings: readonly Reading[], spread = false): readonly Reading[] => {
  const lookups = withoutLoss(readings.filter(({ tool }) => tool === 'name'));
  const connections = readings.filter(({ tool }) => tool !== 'name');
  const attempted = { lookups, connections, spread };
  return RULES.find(({ when }) => when(attempted))?.counts(attempted) ?? [];
};

/** Whether some of the connections to a Service got through and others were blocked. */
export const isMixed = (readings: readonly Reading[]): boolean => {
  const told = telling(readings, true);
  return told.some(isBlocked) && told.some(isAllowed);
};

const doubted = (reading: Reading): Reading =>
  isAllowed(reading)
    ? { ...reading, verdict: 'error', detail: `${reading.detail}, although the lookup failed` }
    : reading;

/** One reading of each kind is enough to say why. */
const firstOfEach = (readings: readonly Reading[]): readonly Reading[] => [
  ...new Map([...readings].reverse().map((reading) => [reading.verdict, reading])).values(),
];

/**
 * Removes silence that something else explains. Datagrams get lost, so one answer proves their path. One refusal among
 * silence proves that the path is refused, because Linux sends only a few ICMP errors per second to one address
 * (net.ipv4.icmp_ratelimit).
 */
const withoutLoss = (readings: readonly Reading[]): readonly Reading[] => {
  const heard = readings.filter(({ verdict }) => verdict !== 'dropped');
  const [first] = heard;
  if (!first) return readings;
  const isDatagram = first.tool === 'udp' || first.tool === 'name';
  const isOne = heard.every(({ verdict }) => verdict === first.verdict);
  return isOne && (first.verdict === 'rejected' || (first.verdict === 'allowed' && isDatagram)) ? [first] : readings;
};

/** Linux resends an unanswered SYN after this time (RFC 6298), and kube-proxy then chooses a new backend. */
const RESENT_MS = 1_000;

/**
 * The result at the first backend that each connection was sent to. If others were blocked, a late connection was
 * accepted by the second backend. If none was, the machine may have been busy, and nothing is known.
 */
const firstChoices = (readings: readonly Reading[]): readonly Reading[] =>
  readings.map((reading) => {
    if (reading.tool === 'udp' || !isAllowed(reading) || reading.elapsedMs < RESENT_MS) return reading;
    return readings.some(isBlocked)
      ? { ...reading, verdict: 'dropped', detail: `${reading.detail}, at the second attempt` }
      : { ...reading, verdict: 'error', detail: `${reading.detail}, too late to tell whether at the first attempt` };
  });
