import type { Check } from './warning.ts';

const TYPES = { ingress: 'Ingress', egress: 'Egress' } as const;

/** Rules of a direction that policyTypes leaves out. */
export const checkIdle: Check = ({ idle }) =>
  idle.map((direction) => ({
    rule: 'idle-rules',
    path: ['spec', direction],
    message: `these ${direction} rules have no effect: policyTypes does not include ${TYPES[direction]}; add it there, or delete them`,
  }));
