import pLimit from 'p-limit';
import type { Source } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import type { Client } from '../kube/index.ts';
import { changedPods } from './changed-pods.ts';
import type { EphemeralContainer } from './ephemeral-container.ts';
import { endContainers, type LifeOptions, startContainers, targetOf } from './ephemeral-life.ts';
import type { ExistingPod } from './existing-pod.ts';
import { connectingBy, findOwnTool, type OwnTool } from './own-tool.ts';
import type { Way } from './way.ts';

/** Existing pods, prepared to probe from and to. */
export interface Attachment {
  readonly endpoints: ReadonlyMap<string, ExistingPod>;
  /** The pods that probe with a tool of their own, which can try only TCP. */
  readonly ownTools: ReadonlyMap<string, Fallback>;
  /** The pods that can't be a source, with the reason. */
  readonly mute: ReadonlyMap<string, string>;
  /** Throws on a pod that is not a source. */
  source(endpoint: string): Source;
  /** The pods that are no longer what they were, with the reason. */
  lost(): Promise<ReadonlyMap<string, string>>;
  /** Ends what was started; returns the pods where something did not end yet, with its state. Never throws. */
  detach(): Promise<ReadonlyMap<string, string>>;
}

const MAX_EXECS = 20;

/**
 * Makes each pod a source in its way: through an ephemeral container, or through a tool of its own, either as the
 * chosen way or as the fallback if the container is refused or does not start. A pod without either is mute. So is a
 * pod that changed since it was found, because it is not the one the user agreed on. Throws on an abort, and then ends
 * what was started.
 */
export const attach = async (
  client: Client,
  pods: readonly ExistingPod[],
  ways: ReadonlyMap<string, Way>,
  container: EphemeralContainer,
  options: LifeOptions = {},
): Promise<Attachment> => {
  const { signal } = options;
  const changed = await changedPods(client, pods, signal);
  const byContainer = pods.filter(({ endpoint }) => ways.get(endpoint)?.by === 'ephemeral' && !changed.has(endpoint));
  const detach = () => endContainers(client, byContainer, container.name, options);
  try {
    const failures = await startContainers(client, byContainer, container, options);
    const limit = pLimit(MAX_EXECS);
    const openings = await Promise.all(
      pods.map(async (pod): Promise<Opening> => {
        const change = changed.get(pod.endpoint);
        if (change !== undefined) return { problem: change };
        const way = ways.get(pod.endpoint);
        const failure = failures.get(pod.endpoint);
        if (way?.by === 'ephemeral' && failure === undefined) return { container: container.name };
        const instead = failure && `no ephemeral container, because ${failure}`;
        if (instead !== undefined && !way?.mayFallBack) return { problem: instead };
        const tool = await limit(() => findOwnTool(client, pod, signal));
        if (instead === undefined) return tool;
        return 'problem' in tool ? { problem: `${instead}; ${tool.problem}` } : { ...tool, instead };
      }),
    );
    const byEndpoint = new Map(pods.map((pod, index) => [pod.endpoint, openings[index] as Opening]));
    const endpoints = new Map(pods.map((pod) => [pod.endpoint, pod]));
    return {
      endpoints,
      ownTools: select(byEndpoint, (opening) => ('connector' in opening ? opening : undefined)),
      mute: select(byEndpoint, (opening) => ('problem' in opening ? opening.problem : undefined)),
      source: (name) => {
        const pod = endpoints.get(name);
        const opening = byEndpoint.get(name);
        if (!pod || !opening || 'problem' in opening) throw new PodreachError(`no probe can start from ${name}`);
        const run = sourceOf(client, pod, opening);
        return { endpoint: name, exec: (argv, execOptions) => limit(() => run(argv, execOptions)) };
      },
      lost: () => changedPods(client, pods, signal),
      detach,
    };
  } catch (error) {
    await detach();
    throw error;
  }
};

interface Fallback extends OwnTool {
  /** Why it is used instead of an ephemeral container. */
  readonly instead?: string;
}

/** Where commands run in a pod, or why they can't run. */
type Opening = { readonly container: string } | Fallback | { readonly problem: string };

const select = <T>(
  openings: ReadonlyMap<string, Opening>,
  of: (opening: Opening) => T | undefined,
): ReadonlyMap<string, T> =>
  new Map(
    [...openings].flatMap(([endpoint, opening]) => {
      const value = of(opening);
      return value === undefined ? [] : [[endpoint, value] as const];
    }),
  );

const sourceOf =
  (client: Client, pod: ExistingPod, opening: Exclude<Opening, { readonly problem: string }>): Source['exec'] =>
  (argv, options) =>
    client.exec(
      targetOf(pod, opening.container),
      'connector' in opening ? connectingBy(opening.connector, argv) : argv,
      options,
    );
