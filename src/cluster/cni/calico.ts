import { readFile } from 'node:fs/promises';
import { type Document, parseAllDocuments } from 'yaml';
import { PodreachError } from '../../errors.ts';
import { cancelledBy, run } from '../../host/index.ts';
import type { IpFamily } from '../ip-family.ts';
import { controlPlane } from '../kind.ts';

interface Variable {
  readonly name: string;
  readonly value?: string;
}

interface Probe {
  readonly exec?: { readonly command?: readonly string[] };
  readonly [setting: string]: unknown;
}

interface Container {
  name: string;
  env?: readonly Variable[];
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  startupProbe?: Probe;
}

interface Manifest {
  kind?: string;
  data?: { cni_network_config?: string };
  spec?: { template?: { spec?: { containers?: Container[] } } };
}

type Variables = Readonly<Record<string, string>>;

/** What calico-node's probes ask Felix, and where Felix answers the same over HTTP. */
const FELIX_HEALTH: Readonly<Record<string, string>> = { '-felix-live': '/liveness', '-felix-ready': '/readiness' };
const HEALTH_HOST = '127.0.0.1';
const HEALTH_PORT = 9099;

/** Calico reads the ranges themselves from kubeadm's configuration. */
const withIpv6: Variables = {
  IP6: 'autodetect',
  FELIX_IPV6SUPPORT: 'true',
  // Calico enables this by default only for IPv4: pods reach the outside with the node's address.
  CALICO_IPV6POOL_NAT_OUTGOING: 'true',
};

/** The environment of calico-node for each family (https://docs.tigera.io/calico/latest/networking/ipam/ipv6). */
const familyVariables: Readonly<Record<IpFamily, Variables>> = {
  ipv4: {},
  dual: withIpv6,
  ipv6: {
    ...withIpv6,
    IP: 'none',
    // Calico still creates an IPv4 pool, and its tunnel would wait for node addresses that Calico now doesn't have.
    // Without the pool Calico 3.28 does not start, and 3.32.1 forgets the IPv6 tunnel (projectcalico/calico#12896).
    CALICO_IPV4POOL_VXLAN: 'Never',
  },
};

const variablesFor = (family: IpFamily): Variables => ({
  FELIX_USAGEREPORTINGENABLED: 'false',
  FELIX_HEALTHHOST: HEALTH_HOST,
  ...familyVariables[family],
});

const withFamily = (container: Container, family: IpFamily): Container =>
  container.name === 'calico-node'
    ? { ...container, env: withVariables(container.env ?? [], variablesFor(family)) }
    : container;

/** Each variable once: in its existing position, otherwise at the end. */
const withVariables = (env: readonly Variable[], variables: Variables): readonly Variable[] => {
  const all = new Map(env.map((variable) => [variable.name, variable]));
  for (const [name, value] of Object.entries(variables)) all.set(name, { name, value });
  return [...all.values()];
};

/**
 * The CNI's configuration with the families in which pods get addresses; the default is IPv4. It is edited as text,
 * because it becomes JSON only after calico-node's installer has filled in the values.
 */
const withAssignment = (config: string, family: IpFamily): string => {
  if (family === 'ipv4') return config;
  const ipam = '"type": "calico-ipam"';
  if (!config.includes(ipam))
    throw new PodreachError("Calico's manifest has no IPAM configuration in which IPv6 can be turned on");
  return config.replace(ipam, `${ipam}, "assign_ipv4": "${family === 'dual'}", "assign_ipv6": "true"`);
};

/**
 * The probe as a request of the kubelet, if it asks Felix alone. An exec starts the whole of calico-node each time:
 * every second on two nodes, together with kube-controllers, that took 0.4 of a processor.
 */
const overHttp = (probe: Probe): Probe => {
  const { exec, ...settings } = probe;
  const [, asked = '', ...more] = exec?.command ?? [];
  const path = FELIX_HEALTH[asked];
  if (path === undefined || more.length > 0) return probe;
  return { ...settings, httpGet: { host: HEALTH_HOST, port: HEALTH_PORT, path } };
};

/** A container that is asked each second whether it is ready: by an exec only until it is, because that is expensive. */
const askedOften = (container: Container): Container => {
  const liveness = container.livenessProbe && overHttp(container.livenessProbe);
  const readiness = container.readinessProbe && overHttp(container.readinessProbe);
  const often = { ...readiness, periodSeconds: 1 };
  const asked = readiness?.exec
    ? { readinessProbe: readiness, startupProbe: { ...often, failureThreshold: 600 } }
    : { readinessProbe: often };
  return { ...container, ...(liveness && { livenessProbe: liveness }), ...(readiness && asked) };
};

/**
 * Calico's manifest as podreach installs it: for these families, without usage reporting, and asking every second whether
 * it is ready, because the stock ten seconds are most of the time that a new cluster takes to become ready.
 */
export const adaptManifest = (text: string, family: IpFamily): object[] =>
  (parseAllDocuments(text) as Document[])
    .map((document) => document.toJS() as Manifest | null)
    .filter((document) => document !== null)
    .map((document) => {
      const { data, spec } = document;
      if (data?.cni_network_config) data.cni_network_config = withAssignment(data.cni_network_config, family);
      const pod = spec?.template?.spec;
      if (pod?.containers) pod.containers = pod.containers.map((one) => askedOften(withFamily(one, family)));
      return document;
    });

/**
 * For bash in the node: waits up to a minute for the API server. A port is tried first, because that starts no program.
 */
const WHEN_SERVING = `for ((i = 0; i < 240; i++)); do (: <>/dev/tcp/127.0.0.1/6443) 2>/dev/null && break; sleep 0.25; done
until "$@" get --raw /readyz >/dev/null || ((i++ >= 240)); do sleep 0.25; done
exec "$@" apply --server-side --filename -`;

/** Installs Calico through the control plane's own kubectl, as soon as the API server answers. May be repeated. */
export const installCalico = async (
  clusterName: string,
  manifestFile: string,
  family: IpFamily,
  signal?: AbortSignal,
): Promise<void> => {
  const items = adaptManifest(await readFile(manifestFile, 'utf8'), family);
  const kubectl = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'];
  const argv = ['exec', '--interactive', controlPlane(clusterName), 'bash', '-c', WHEN_SERVING, 'bash', ...kubectl];
  await run('docker', argv, {
    purpose: 'installing Calico',
    timeout: 120_000,
    ...cancelledBy(signal),
    input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  });
};
