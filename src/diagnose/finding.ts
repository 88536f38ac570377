import type { Decision } from '../model/index.ts';
import type { Verdict } from '../probe/index.ts';
import type { Cause } from './cause.ts';

/**
 * What a diagnosis comes to. `as-wanted`: there is nothing to find. `not-listening`: the server does not answer its own
 * pod; `service`: the asked port is that of a Service, and `target` is where its pods listen. `service-path`: the pods behind the Service answer, but not
 * through it. `unseen`: the probe broke. `changed`: the policies changed meanwhile. `undefined`: the specification says nothing about it. `not-explained`:
 * the policies are not known. `allowAll`: what was seen with a temporary allow-all, if there was one.
 */
export type Finding =
  | { readonly kind: 'as-wanted'; readonly observed: Verdict; readonly decision: Decision | null }
  | { readonly kind: 'not-running'; readonly endpoint: string; readonly state: string }
  | {
      readonly kind: 'no-such-port';
      readonly service: string;
      readonly port: string;
      readonly ports: readonly string[];
    }
  | {
      readonly kind: 'no-backend';
      readonly service: string;
      readonly selector: string;
      /** The pod that has most of the labels. */
      readonly nearest: { readonly endpoint: string; readonly labels: string } | null;
    }
  | { readonly kind: 'no-ready-backend'; readonly service: string; readonly backends: readonly string[] }
  | {
      readonly kind: 'not-listening';
      readonly endpoint: string;
      readonly port: string;
      readonly observed: Verdict;
      readonly service: { readonly name: string; readonly target: string } | null;
      /** The ports that the pod declares. */
      readonly declared: readonly string[];
    }
  | { readonly kind: 'service-path'; readonly service: string; readonly backend: string; readonly observed: Verdict }
  | { readonly kind: 'unseen'; readonly detail: string }
  | { readonly kind: 'changed' }
  | { readonly kind: 'undefined'; readonly observed: Verdict }
  | { readonly kind: 'not-explained'; readonly observed: Verdict; readonly missing: string }
  | {
      readonly kind: 'blocked';
      readonly causes: readonly Cause[];
      readonly observed: Verdict;
      readonly allowAll: Verdict | null;
    }
  | { readonly kind: 'open'; readonly causes: readonly Cause[] }
  | {
      readonly kind: 'disagree';
      readonly decision: 'allow' | 'deny';
      readonly observed: Verdict;
      readonly allowAll: Verdict | null;
    };
