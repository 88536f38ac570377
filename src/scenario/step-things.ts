import { createNearest, quoted } from '../text.ts';
import type { Path } from './document.ts';
import type { Namespace, Pod, Topology } from './scenario.ts';
import { podsOf } from './topology.ts';

/** Reports what is wrong at a place in a step. */
export type TellStep = (path: Path, message: string) => void;

/** What a step can remove or label. */
export type Thing =
  | { readonly kind: 'pod'; readonly pod: Pod }
  | { readonly kind: 'namespace'; readonly namespace: Namespace };

/** By the names that a step has for them: `prod/web`, `namespace:prod`. */
export const thingsIn = (topology: Topology): ReadonlyMap<string, Thing> =>
  new Map<string, Thing>([
    ...podsOf(topology).map((pod) => [pod.endpoint, { kind: 'pod', pod }] as const),
    ...topology.namespaces.map(
      (namespace) => [`namespace:${namespace.name}`, { kind: 'namespace', namespace }] as const,
    ),
  ]);

/** The message for a name that is none of these; only the first hundred get a hint. */
export const createNoSuch = (things: ReadonlyMap<string, Thing>) => {
  const nearest = createNearest();
  return (name: string): string =>
    `there is no pod or namespace ${quoted(name)} in this step${nearest('name', name, [...things.keys()])}`;
};
