import type { KubeObject } from '../kube/index.ts';
import type { Protocol } from '../scenario/index.ts';
import type { ClusterService } from './cluster-state.ts';

/** The fields that are read of a Service; shapes as in the Kubernetes API. */
interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol?: Protocol;
    readonly targetPort?: number | string;
  }[];
  readonly sessionAffinity?: string;
  readonly externalTrafficPolicy?: string;
  readonly internalTrafficPolicy?: string;
}

/** null if its backends are not chosen by labels. */
export const readService = ({ metadata, spec }: KubeObject): ClusterService | null => {
  const { name, namespace = 'default' } = metadata;
  const { selector = {}, ports = [], ...rest } = (spec ?? {}) as ServiceSpec;
  if (rest.type === 'ExternalName' || Object.keys(selector).length === 0) return null;
  const manner = {
    ...(rest.type !== undefined && rest.type !== 'ClusterIP' && { type: rest.type }),
    ...(rest.clusterIP === 'None' && { clusterIP: 'None' }),
    ...(rest.sessionAffinity === 'ClientIP' && { sessionAffinity: 'ClientIP' }),
    ...(rest.externalTrafficPolicy === 'Local' && { externalTrafficPolicy: 'Local' }),
    ...(rest.internalTrafficPolicy === 'Local' && { internalTrafficPolicy: 'Local' }),
  };
  const written = ports.map(({ name: portName, port, protocol = 'TCP', targetPort }) => ({
    ...(portName !== undefined && portName !== '' && { name: portName }),
    ...{ port, protocol },
    ...(targetPort !== undefined && targetPort !== port && { targetPort }),
  }));
  return {
    ...{ namespace, name, selector },
    ports: ports.map(({ port: number, protocol = 'TCP', targetPort }) => ({
      ...{ number, protocol },
      target: targetPort || number,
    })),
    manner: JSON.stringify(manner),
    spec: { ...manner, selector, ports: written },
  };
};
