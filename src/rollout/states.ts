import type { ReadPolicy, Step } from '../scenario/index.ts';
import type { Action } from './plan.ts';

/** The policies before these actions, and after each of them. */
export const statesOf = (
  before: Pick<Step, 'policies'>,
  actions: readonly Action[],
): readonly (readonly ReadPolicy[])[] => {
  const now = new Map(before.policies.map((policy) => [keyOf(policy), policy]));
  const between = actions.map((action) => {
    const [key, policy] = changeOf(action);
    if (policy) now.set(key, policy);
    else now.delete(key);
    return [...now.values()];
  });
  return [before.policies, ...between];
};

const keyOf = ({ namespace, name }: Pick<ReadPolicy, 'namespace' | 'name'>): string => `${namespace}/${name}`;

/** The name of a policy, and what it is afterwards; undefined if it is gone. */
const changeOf = (action: Action): readonly [key: string, policy: ReadPolicy | undefined] => {
  if ('policy' in action) return [action.policy.name, action.policy.after];
  const { temporary } = action;
  const isThere = action.kind === 'apply-temporary';
  return [keyOf(temporary), isThere ? { ...temporary, file: temporary.name, line: 1 } : undefined];
};
