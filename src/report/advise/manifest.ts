import { type AdvisedPolicy, manifestOf } from '../../advise/index.ts';
import { wrapped } from '../../wrap.ts';
import { manifestYaml } from '../../yaml-library.ts';
import { intentLines } from './intent.ts';

/** A well-known annotation: https://kubernetes.io/docs/reference/labels-annotations-taints/#description */
const DESCRIPTION = 'kubernetes.io/description';

const COLUMNS = 100;

/** The policy as it is sent, with what it is for. */
export const describedManifest = (policy: AdvisedPolicy): Readonly<Record<string, unknown>> => {
  const lines = intentLines(policy).flatMap((line) => wrapped(line, COLUMNS));
  return manifestOf(policy, { [DESCRIPTION]: lines.join('\n') });
};

/** As people write it, and as kubectl reads it: a label `y` is quoted. */
export const policyYaml = (policy: AdvisedPolicy): string =>
  manifestYaml(describedManifest(policy), { aliasDuplicateObjects: false });
