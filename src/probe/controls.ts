import { type Endpoint, isHost, isService } from '../deploy/index.ts';
import { type Probe, portText, probeKey } from '../scenario/index.ts';
import { serverKey } from './doubt.ts';

/**
 * Probes by which others are judged, beside those that are asked for; nobody is shown them. Here those of hosts outside
 * the cluster to themselves, which no matrix has: without them a server that hangs there would look blocked.
 */
export const ownControls = (probes: readonly Probe[], endpoints: ReadonlyMap<string, Endpoint>): readonly Probe[] => {
  const known = new Set(probes.filter(({ from, to }) => from === to).map(serverKey));
  const missing = probes.filter((probe) => {
    const to = endpoints.get(probe.to);
    return to !== undefined && isHost(to) && !known.has(serverKey(probe));
  });
  return [...new Map(missing.map((probe) => [serverKey(probe), { ...probe, from: probe.to }])).values()];
};

/**
 * The probes that lead past a Service straight to each of its backends, by which it shows whether policies let its
 * connections through. None where these say nothing of it: on the port of a node, which sends on with another address,
 * and where one of the backends is the source, which reaches itself directly whatever the policies.
 */
export const directProbes = (probe: Probe, to: Endpoint | undefined): readonly Probe[] => {
  if (!to || !isService(to) || to.way === 'nodeport') return [];
  const { backends = [] } = to.translations.get(portText({ number: probe.port, protocol: probe.protocol })) ?? {};
  if (backends.some(({ endpoint }) => endpoint === probe.from)) return [];
  return backends.map(({ endpoint, port }) => ({ ...probe, to: endpoint, port }));
};

/** Those of the controls that are not among the probes already, each once. */
export const without = (controls: readonly Probe[], probes: readonly Probe[]): readonly Probe[] => {
  const asked = new Set(probes.map(probeKey));
  const missing = controls.filter((control) => !asked.has(probeKey(control)));
  return [...new Map(missing.map((control) => [probeKey(control), control])).values()];
};
