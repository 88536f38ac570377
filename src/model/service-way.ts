import { endName, WAYS, type Way } from './end.ts';
import type { WorldService } from './world.ts';

/** A Service as a destination. */
export interface ServiceWay {
  readonly way: Way;
  readonly service: WorldService;
}

/** Every way to the Services, by name. */
export const waysTo = (services: readonly WorldService[] = []): ReadonlyMap<string, ServiceWay> =>
  new Map(
    services.flatMap((service) =>
      WAYS.map((way) => {
        const { namespace, name } = service;
        return [endName({ kind: 'service', way, namespace, name }), { way, service }] as const;
      }),
    ),
  );
