import type { Deployment } from '../deploy/index.ts';
import type { Step } from '../scenario/index.ts';

/** The requests that turn the world into that of a step, which may be made once. */
export interface StepChange {
  make(onAccepted?: () => void): Promise<void>;
  /** When they were made: from the first one to the acknowledgement of the last one that changed something. */
  made(): { readonly fromMs: number; readonly acknowledgedMs: number; readonly toMs: number };
}

export const changeOf = (deployment: Deployment, { topology, policies }: Step): StepChange => {
  const now = performance.now();
  let made = { fromMs: now, acknowledgedMs: now, toMs: now };
  return {
    make: async (onAccepted) => {
      const fromMs = performance.now();
      let acknowledgedMs: number | undefined;
      const onEach = (): void => {
        acknowledgedMs = performance.now();
        onAccepted?.();
      };
      await deployment.change(topology, onEach);
      await deployment.applyPolicies(policies, onEach);
      const toMs = performance.now();
      made = { fromMs, acknowledgedMs: acknowledgedMs ?? toMs, toMs };
    },
    made: () => made,
  };
};
