/** Pods that already run: which are meant, what happens to them, and whether the user agrees. */
export { type PodChoice, type PodFlags, requireConsent, requireContext, withAgreedPods } from './agreed-pods.ts';
export { planLines } from './plan-lines.ts';
