import type { Finding } from '../../diagnose/index.ts';

/** 0 as wanted, 1 a finding, 2 if nothing is known. */
export const diagnosisExitCode = ({ kind }: Finding): number => {
  if (kind === 'as-wanted') return 0;
  return kind === 'unseen' || kind === 'changed' || kind === 'undefined' ? 2 : 1;
};
