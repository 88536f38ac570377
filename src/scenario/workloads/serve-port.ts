import type { Note, Pod, Port, ServicePort } from '../scenario.ts';

/** Why a Service, or a port of it, has no part in the matrix, or another one than in the cluster. */
export type Reason = Extract<Note, { kind: 'not-tested' }>['reason'];

/** What a port of a Service becomes. */
export type ServedPort =
  | { readonly kind: 'left-out'; readonly reason: Reason }
  | {
      readonly kind: 'served';
      readonly port: ServicePort;
      /** What each backend serves for it. */
      readonly backends: readonly (readonly [pod: Pod, port: Port])[];
      /** How it differs from what is written. */
      readonly reasons: readonly Reason[];
    };

/** An unprivileged server in its node's network can't use a port below. */
const PRIVILEGED = 1024;

export const canServe = (hostNetwork: boolean, { number }: Pick<Port, 'number'>): boolean =>
  !hostNetwork || number >= PRIVILEGED;

/** A pod that lacks the named target port is not a backend. */
const served = (pods: readonly Pod[], { target, protocol }: ServicePort): readonly (readonly [Pod, Port])[] =>
  pods.flatMap((pod) => {
    const named = pod.ports.find((own) => own.name === target && own.protocol === protocol);
    const port = typeof target === 'number' ? { number: target, protocol } : named;
    return port ? [[pod, port] as const] : [];
  });

/**
 * A port of a Service with these backends. A headless one translates nothing: its name leads to the pods themselves,
 * so clients use their port. `isAlone` says whether it is the only port, which needs no name.
 */
export const servePort = (
  written: ServicePort,
  pods: readonly Pod[],
  { headless, isAlone }: { readonly headless: boolean; readonly isAlone: boolean },
): ServedPort => {
  const backends = served(pods, written);
  const [number, ...others] = new Set(backends.map(([, port]) => port.number));
  if (number === undefined || (headless && others.length > 0)) return { kind: 'left-out', reason: 'no-such-target' };
  if (!backends.every(([pod, port]) => canServe(pod.hostNetwork === true, port)))
    return { kind: 'left-out', reason: 'privileged' };
  const port = headless ? { ...written, number, target: number } : written;
  const isUnnamed = !isAlone && port.name === undefined;
  return {
    kind: 'served',
    port: isUnnamed ? { ...port, name: `${port.number}-${port.protocol.toLowerCase()}` } : port,
    backends,
    reasons: [
      ...(port.number === written.number ? [] : (['headless'] as const)),
      ...(isUnnamed ? (['unnamed-port'] as const) : []),
    ],
  };
};
