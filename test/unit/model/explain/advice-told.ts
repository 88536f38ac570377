import type { TriedChange } from '../../../../src/model/explain/advice.ts';

/** A change in the fewest words, with what it opens and closes besides. */
export const told = ({ change, opens, closes }: TriedChange): unknown[] => {
  const effect = [opens, closes];
  switch (change.kind) {
    case 'selector': {
      const { selector, rule } = change.place;
      const { was, is } = change.correction;
      const labels = [was, is].map(({ key, value }) => `${key}=${value}`);
      return [change.kind, change.policy.name, selector, rule && [rule.direction, rule.number], ...labels, ...effect];
    }
    case 'labels':
      return [change.kind, change.name, change.labels, ...effect];
    case 'port':
      return [change.kind, change.policy.name, change.direction, change.number, change.port, ...effect];
    case 'rule':
      return [change.kind, change.policy.name, change.direction, change.rule, ...effect];
    case 'policy':
      return [change.kind, change.namespace, change.spec, ...effect];
  }
};
