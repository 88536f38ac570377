import { type Endpoint, isHost, isService } from '../deploy/index.ts';
import { type Probe, portText, probeKey } from '../scenario/index.ts';
import { serverKey } from './doubt.ts';

/**
 * Extra probes that help judge the requested ones and are not shown. These are the probes of outside hosts to
 * themselves, which no matrix contains: without them, a hanging server there would look blocked.
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
 * Probes past a Service straight to each of its backends, which show whether policies let its connections through. None
 * if they would not show that: for a node port and an outside address, where the node forwards with another address,
 * and if the source is one of the backends, because it reaches itself directly whatever the policies.
 */
export const directProbes = (probe: Probe, to: Endpoint | undefined): readonly Probe[] => {
  if (!to || !isService(to) || to.way === 'nodeport' || to.way === 'external') return [];
  const { backends = [] } = to.translations.get(portText({ number: probe.port, protocol: probe.protocol })) ?? {};
  if (backends.some(({ endpoint }) => endpoint === probe.from)) return [];
  return backends.map(({ endpoint, port }) => ({ ...probe, to: endpoint, port }));
};

/** The controls that are not among the probes already, each once. */
export const without = (controls: readonly Probe[], probes: readonly Probe[]): readonly Probe[] => {
  const asked = new Set(probes.map(probeKey));
  const missing = controls.filter((control) => !asked.has(probeKey(control)));
  return [...new Map(missing.map((control) => [probeKey(control), control])).values()];
};
