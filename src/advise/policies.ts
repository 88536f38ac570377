import { DIRECTIONS, type Direction, type NetworkPolicy, readPolicies } from '../model/index.ts';
import type { ReadPolicy } from '../scenario/index.ts';
import { RESERVED } from './party.ts';
import type { AppRules, Plan } from './plan.ts';
import { ruleSpec } from './rules.ts';

/** A policy, and what it is for. */
export interface AdvisedPolicy {
  readonly namespace: string;
  readonly name: string;
  readonly spec: object;
  /** Closes a namespace, or lets an application do what it needs. */
  readonly intent:
    | { readonly kind: 'closed'; readonly directions: readonly Direction[] }
    | ({ readonly kind: 'app' } & AppRules);
}

/** Namespace by namespace: first what closes it, then a policy for each application that may do something. */
export const policiesOf = ({ closed, apps }: Plan): readonly AdvisedPolicy[] =>
  [...closed].flatMap(([namespace, directions]): readonly AdvisedPolicy[] =>
    directions.length === 0
      ? []
      : [
          {
            ...{ namespace, name: RESERVED, intent: { kind: 'closed', directions } },
            spec: { podSelector: {}, policyTypes: directions.map((direction) => TYPES[direction]) },
          },
          ...apps
            .filter(({ app, ingress, egress }) => app.namespace === namespace && ingress.length + egress.length > 0)
            .map((own) => policyOf(own)),
        ],
  );

const TYPES: Readonly<Record<Direction, string>> = { ingress: 'Ingress', egress: 'Egress' };

const policyOf = (own: AppRules): AdvisedPolicy => {
  const { namespace, name, selector } = own.app;
  const used = DIRECTIONS.filter((direction) => own[direction].length > 0);
  const rules = used.map((direction) => [
    direction,
    own[direction].map((rule) => ruleSpec(rule, direction, namespace)),
  ]);
  return {
    ...{ namespace, name, intent: { kind: 'app', ...own } },
    spec: {
      podSelector: selector,
      policyTypes: used.map((direction) => TYPES[direction]),
      ...Object.fromEntries(rules),
    },
  };
};

/** The policy as it is sent, with annotations if there are any. */
export const manifestOf = (
  { namespace, name, spec }: AdvisedPolicy,
  annotations?: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace, ...(annotations && { annotations }) },
  spec,
});

/** The policies as the model takes them. */
export const readAdvised = (policies: readonly AdvisedPolicy[]): readonly ReadPolicy[] => {
  const manifests = policies.map((policy) => manifestOf(policy));
  return readPolicies(manifests).map((spec: NetworkPolicy, at): ReadPolicy => {
    const { namespace, name } = spec;
    return { namespace, name, spec, manifest: manifests[at] ?? {}, file: '', line: 1 };
  });
};
