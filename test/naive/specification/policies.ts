/** What policies for clients of a Service are made of. */
import { policyIn, type RawPeer, type RawRule } from '../manifest.ts';

export const app = (name: string): RawPeer => ({ podSelector: { matchLabels: { app: name } } });

export const letOut = (...egress: readonly RawRule[]) =>
  policyIn('prod', { podSelector: { matchLabels: { app: 'client' } }, policyTypes: ['Egress'], egress });
