import { DIRECTIONS, rulesIn } from '../rules.ts';
import type { Check } from './warning.ts';

const MEANS: Readonly<Record<string, string>> = {
  from: 'lets everybody in, from inside the cluster and outside; delete the rule to let nobody in',
  to: 'lets everything out, to inside the cluster and outside; delete the rule to let nothing out',
  ports: 'means every port; delete it if that is meant',
};

/**
 * Lists with nothing in them: "If this field is empty or missing, this rule matches all sources (traffic not restricted
 * by source)", and likewise destinations and ports
 * (https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/).
 */
export const checkEmpty: Check = (policy) =>
  DIRECTIONS.flatMap((direction) =>
    rulesIn(policy, direction).flatMap(({ path, empty = [] }) =>
      empty.map((key) => ({
        rule: 'empty-means-all',
        path: [...path, key],
        message: `\`${key}\` is empty, which restricts nothing: it ${MEANS[key]}`,
      })),
    ),
  );
