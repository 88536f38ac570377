import { PodreachError } from '../../errors.ts';
import { removeObject } from '../../host/index.ts';
import type { Port } from '../../scenario/index.ts';
import { SERVE_HOST_SCRIPT } from './serve-host-script.ts';

export interface HostOptions {
  /** The scenario's name for it, without `host:`. */
  readonly name: string;
  /** The container's name, with which its server identifies itself. */
  readonly identity: string;
  readonly ports: readonly Port[];
  readonly image: string;
  /** Labels that identify it after its run has died. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface HostContainer {
  /** Docker's name for it. */
  readonly container: string;
  /** Its address on the nodes' network. */
  readonly underlay: string;
  stop(): Promise<void>;
}

/** The network that kind puts its nodes on. */
export const NODE_NETWORK = 'kind';

/**
 * Starts the container of an outside host: the pods' image on the nodes' network, without any rights over that network.
 * Throws a PodreachError.
 */
export const startHost = async ({ name, identity, ports, image, labels }: HostOptions): Promise<HostContainer> => {
  const numbers = (protocol: Port['protocol']): string =>
    ports.flatMap((port) => (port.protocol === protocol ? port.number : [])).join(' ');
  try {
    const { GenericContainer, Wait } = await import('testcontainers');
    const started = await new GenericContainer(image)
      // Testcontainers cleans up with a container of its own, from another image; here labels serve that purpose.
      .withAutoCleanup(false)
      .withName(identity)
      .withHostname(identity)
      .withNetworkMode(NODE_NETWORK)
      .withLabels({ ...labels })
      .withEntrypoint(['sh', '-c', SERVE_HOST_SCRIPT, 'serve'])
      .withEnvironment({ PODREACH_TCP: numbers('TCP'), PODREACH_UDP: numbers('UDP'), PODREACH_SCTP: numbers('SCTP') })
      .withDroppedCapabilities('ALL')
      .withAddedCapabilities('NET_BIND_SERVICE')
      .withWaitStrategy(Wait.forSuccessfulCommand('true'))
      .start();
    return {
      container: identity,
      underlay: started.getIpAddress(NODE_NETWORK),
      stop: async () => void (await started.stop({ timeout: 0 })),
    };
  } catch (cause) {
    const left = await removeContainers([identity]).then(
      () => '',
      (error: unknown) => (error instanceof PodreachError ? `; ${error.message}` : ''),
    );
    throw new PodreachError(`the container of host:${name} did not start${left}`, {
      hint: `see: docker run --rm --network ${NODE_NETWORK} ${image}`,
      cause,
    });
  }
};

/**
 * Removes containers, running or not; missing ones count as removed. If others can't be removed, throws with Docker's
 * message.
 */
export const removeContainers = async (containers: readonly string[]): Promise<void> => {
  const removals = containers.map((name) => removeObject({ kind: 'container', id: name, name }));
  await Promise.allSettled(removals);
  await Promise.all(removals);
};
