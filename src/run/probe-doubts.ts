import type { Attachment } from '../attach/index.ts';
import { type Observation, serverKey } from '../probe/index.ts';

/**
 * What was seen, with an error in place of whatever proves nothing: it is not known whether existing servers listen,
 * nor whether existing clients connect themselves.
 */
export const doubted = (
  observations: readonly Observation[],
  attachment: Pick<Attachment, 'endpoints'>,
): readonly Observation[] =>
  withoutUnheard(withoutListeners(observations.map((one) => withoutProxies(one, attachment))));

/**
 * A service mesh's proxy in the source accepts every TCP connection first, whether or not the server can be reached.
 */
const withoutProxies = (observation: Observation, { endpoints }: Pick<Attachment, 'endpoints'>): Observation => {
  const { from, to, protocol, verdict } = observation;
  const proxy = endpoints.get(from)?.proxy ?? null;
  if (proxy === null || from === to || protocol !== 'TCP' || verdict !== 'allowed') return observation;
  const detail = `the service mesh's ${proxy} in ${from} accepts each connection itself; ${observation.detail}`;
  return { ...observation, verdict: 'error', flaky: false, detail };
};

/** A pod that does not reach itself gets the same message for every source: nothing listens there. */
const withoutListeners = (observations: readonly Observation[]): readonly Observation[] => {
  const unresponsive = observations.filter(
    ({ from, to, verdict }) => from === to && (verdict === 'dropped' || verdict === 'rejected'),
  );
  const reasons = new Map(
    unresponsive.map((own) => [serverKey(own), `${own.to} does not reach itself (${own.verdict})`]),
  );
  return observations.map((observation) => {
    const reason = reasons.get(serverKey(observation));
    const isKnown =
      observation.from === observation.to || observation.verdict !== 'error' || observation.attempts === 0;
    return isKnown || reason === undefined
      ? observation
      : { ...observation, detail: `nothing listens there: ${reason}` };
  });
};

/**
 * If a server's own pod could not be asked whether it listens, and nobody else reached it either, a missing answer
 * proves nothing.
 */
const withoutUnheard = (observations: readonly Observation[]): readonly Observation[] => {
  const heard = observations.filter(({ from, to, verdict, attempts }) =>
    from === to ? attempts > 0 : verdict === 'allowed',
  );
  const known = new Set(heard.map(serverKey));
  return observations.map((observation) => {
    const { to, verdict } = observation;
    if ((verdict !== 'dropped' && verdict !== 'rejected') || known.has(serverKey(observation))) return observation;
    const detail = `${to} could not be asked whether it listens there; ${observation.detail}`;
    return { ...observation, verdict: 'error', flaky: false, detail };
  });
};
