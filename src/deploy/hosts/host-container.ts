import { PodreachError } from '../../errors.ts';
import { removeObject } from '../../host/index.ts';
import type { Port } from '../../scenario/index.ts';
import { SERVE_HOST_SCRIPT } from './serve-host-script.ts';

export interface HostOptions {
  /** The scenario's name of it, without `host:`. */
  readonly name: string;
  /** The container's name, and its server's name for itself. */
  readonly identity: string;
  readonly ports: readonly Port[];
  readonly image: string;
  /** By these it is found when its run has died. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface HostContainer {
  /** Docker's name of it. */
  readonly container: string;
  /** Its address on the nodes' network. */
  readonly underlay: string;
  stop(): Promise<void>;
}

/** The network that kind puts its nodes on. */
export const NODE_NETWORK = 'kind';

/**
 * Starts the container of an outside host: the same image as the pods have, on the nodes' network, without any right over
 * it. Throws a PodreachError.
 */
export const startHost = async ({ name, identity, ports, image, labels }: HostOptions): Promise<HostContainer> => {
  const numbers = (protocol: Port['protocol']): string =>
    ports.flatMap((port) => (port.protocol === protocol ? port.number : [])).join(' ');
  try {
    const { GenericContainer, Wait } = await import('testcontainers');
    const started = await new GenericContainer(image)
      // Its own way to clean up is a container of its own, from another image; here labels serve for that.
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

/** Removes containers, running or not; those that are not there count as removed. Throws with what Docker said of others. */
export const removeContainers = async (containers: readonly string[]): Promise<void> => {
  const removals = containers.map((name) => removeObject({ kind: 'container', id: name, name }));
  await Promise.allSettled(removals);
  await Promise.all(removals);
};
