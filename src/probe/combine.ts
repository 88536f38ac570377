import type { Reading } from './classify.ts';
import type { Verdict } from './verdict.ts';

/**
 * The readings of one attempt that count. A successful lookup says nothing about the connection. A failed lookup
 * explains why there is none; if there was a connection all the same, it proves nothing, because the C library queries
 * from a port that the kernel chose, which an earlier lookup may have opened. With `spread` each connection may have
 * met another backend of a Service, so each counts.
 */
export const telling = (readings: readonly Reading[], spread = false): readonly Reading[] => {
  const lookups = withoutLoss(readings.filter(({ tool }) => tool === 'name'));
  const others = readings.filter(({ tool }) => tool !== 'name');
  if (lookups.some(({ verdict }) => verdict !== 'allowed'))
    return others.some(({ verdict }) => verdict === 'allowed')
      ? [...firstOfEach(lookups), ...others.map(doubted)]
      : firstOfEach(lookups);
  return spread ? firstChoices(others) : withoutLoss(others);
};

const doubted = (reading: Reading): Reading =>
  reading.verdict === 'allowed'
    ? { ...reading, verdict: 'error', detail: `${reading.detail}, past the look-up` }
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

export const isBlocked = ({ verdict }: Pick<Reading, 'verdict'>): boolean =>
  verdict === 'dropped' || verdict === 'rejected';

/** Whether some of the connections to a Service got through and others were blocked. */
export const isMixed = (readings: readonly Reading[]): boolean => {
  const told = telling(readings, true);
  return told.some(isBlocked) && told.some(({ verdict }) => verdict === 'allowed');
};

/**
 * The result at the first backend that each connection was sent to. If others were blocked, a late connection was
 * accepted by the second backend. If none was, the machine may have been busy, and nothing is known.
 */
const firstChoices = (readings: readonly Reading[]): readonly Reading[] =>
  readings.map((reading) => {
    if (reading.tool === 'udp' || reading.verdict !== 'allowed' || reading.elapsedMs < RESENT_MS) return reading;
    return readings.some(isBlocked)
      ? { ...reading, verdict: 'dropped', detail: `${reading.detail}, at the second try` }
      : { ...reading, verdict: 'error', detail: `${reading.detail}, too late to tell whether at the first try` };
  });

/**
 * What a cell's tools saw together. They must agree, unless each may have met another backend (`spread`). If some of
 * those got through and others did not, the detail says so, and the cell's verdict is not `allowed`.
 */
export const combine = (
  readings: readonly Reading[],
  spread = false,
): { readonly verdict: Verdict; readonly detail: string } => {
  const told = telling(readings, spread);
  const verdicts = new Set(told.map(({ verdict }) => verdict));
  const details = told.map(({ detail }) => detail).join('; ');
  const [only] = verdicts;
  if (only === undefined) return { verdict: 'error', detail: 'nothing was tried' };
  if (verdicts.size === 1) return { verdict: only, detail: details };
  if (spread && !verdicts.has('error') && told.every(({ tool }) => tool !== 'name')) {
    const open = told.filter(({ verdict }) => verdict === 'allowed').length;
    const [closed = only] = [...verdicts].filter((verdict) => verdict !== 'allowed');
    return { verdict: closed, detail: `${open} of ${told.length} connections got through: ${details}` };
  }
  return { verdict: 'error', detail: verdicts.has('error') ? details : `the tools disagree: ${details}` };
};
