import { hasLabels } from '../../model/index.ts';
import type { Pod, Port, Service, ServicePort } from '../scenario.ts';
import { portText } from '../topology.ts';
import type { GivenService } from './given-service.ts';
import { type Reason, servePort } from './serve-port.ts';

export interface Served {
  /** null if it leads to no pod. */
  readonly service: Service | null;
  /** The target ports of each of its backends, by endpoint. */
  readonly targets: ReadonlyMap<string, readonly Port[]>;
  readonly untested: readonly { readonly reason: Reason; readonly port?: ServicePort }[];
}

/** The pods of its namespace that a Service leads to; none if it selects none by itself. */
export const backendsOf = ({ selector }: Pick<GivenService, 'selector'>, pods: readonly Pod[]): readonly Pod[] =>
  Object.keys(selector).length === 0 ? [] : pods.filter(({ labels }) => hasLabels(labels, selector));

/** Why there is nothing of a Service to probe. */
const whyNothing = ({ selector, ports }: GivenService, backends: readonly Pod[]): Reason | null => {
  if (Object.keys(selector).length === 0) return 'no-selector';
  if (backends.length === 0) return 'no-pod';
  return ports.length === 0 ? 'no-port' : null;
};

/** What a Service of the manifests is in a topology where it has these backends. */
export const serve = (given: GivenService, backends: readonly Pod[]): Served => {
  const reason = whyNothing(given, backends);
  if (reason !== null) return { service: null, targets: new Map(), untested: [{ reason }] };
  const { namespace, name, selector, headless, nodePort, stickySeconds, external } = given;
  const untested: Served['untested'][number][] = [
    ...(external ? [{ reason: 'external-address' as const }] : []),
    ...(given.limitsSources ? [{ reason: 'source-ranges' as const }] : []),
    ...(given.staysOnNode ? [{ reason: 'stays-on-node' as const }] : []),
  ];
  const targets = new Map<string, Port[]>();
  const ports = new Map<string, ServicePort>();
  for (const port of given.ports) {
    const served = servePort(port, backends, { headless, isAlone: given.ports.length === 1 });
    if (served.kind === 'left-out') untested.push({ reason: served.reason, port });
    else if (!ports.has(portText(served.port))) {
      ports.set(portText(served.port), served.port);
      for (const reason of served.reasons) untested.push({ reason, port });
      for (const [{ endpoint }, own] of served.backends) targets.set(endpoint, [...(targets.get(endpoint) ?? []), own]);
    }
  }
  const service = {
    ...{ namespace, name, selector, ports: [...ports.values()], headless, nodePort, byName: headless },
    ...(external && { external }),
    ...(stickySeconds !== undefined && { stickySeconds }),
  };
  return { service: ports.size === 0 ? null : service, targets, untested };
};
