import type { Reading } from './classify.ts';
import type { Verdict } from './verdict.ts';

/**
 * The readings of one attempt that count. One echo proves a UDP path, whatever became of the other datagram; and one
 * refusal among silence that it is refused, for Linux sends few ICMP errors a second to one address
 * (net.ipv4.icmp_ratelimit). A name that
 * was looked up says nothing of the connection; one that was not is why there is none. `spread`: each connection may have
 * met another backend of a Service, so each counts.
 */
export const telling = (readings: readonly Reading[], spread = false): readonly Reading[] => {
  const name = readings.find(({ tool }) => tool === 'name');
  const others = readings.filter(({ tool }) => tool !== 'name');
  if (name && name.verdict !== 'allowed')
    return others.some(({ verdict }) => verdict === 'allowed') ? readings : [name];
  if (spread) return firstChoices(others);
  const echo = others.find(({ tool, verdict }) => tool === 'udp' && verdict === 'allowed');
  if (echo) return [echo];
  const refusal = others.find(({ verdict }) => verdict === 'rejected');
  const blocked = others.every(({ verdict }) => verdict === 'rejected' || verdict === 'dropped');
  return refusal && blocked ? [refusal] : others;
};

/** Linux sends an unanswered SYN again after this (RFC 6298), and kube-proxy then chooses a backend anew. */
const RESENT_MS = 1_000;

/** Whether some of the connections were blocked: then late answers are no sign of a busy machine. */
export const isPartlyBlocked = (readings: readonly Reading[]): boolean =>
  readings.some(({ verdict }) => verdict === 'dropped' || verdict === 'rejected');

/**
 * What became of the first backend that each connection was sent to. One that was made late was met by the second, if
 * others were blocked; if none was, the machine may have been busy, and nothing is known.
 */
const firstChoices = (readings: readonly Reading[]): readonly Reading[] =>
  readings.map((reading) => {
    if (reading.tool === 'udp' || reading.verdict !== 'allowed' || reading.elapsedMs < RESENT_MS) return reading;
    return isPartlyBlocked(readings)
      ? { ...reading, verdict: 'dropped', detail: `${reading.detail}, at the second try` }
      : { ...reading, verdict: 'error', detail: `${reading.detail}, too late to tell whether at the first try` };
  });

/**
 * What a cell's tools saw together: they have to agree, unless each may have met another backend (`spread`); where some
 * then got through and others not, that is told, and the cell's verdict is not `allowed`.
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
    const closed = told.find(({ verdict }) => verdict !== 'allowed')?.verdict ?? 'dropped';
    return { verdict: closed, detail: `${open} of ${told.length} connections got through: ${details}` };
  }
  return { verdict: 'error', detail: verdicts.has('error') ? details : `the tools disagree: ${details}` };
};
