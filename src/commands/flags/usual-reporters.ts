/** The reports where nobody names any: in CI also those that its pages show. */
import { ciIn, type Env } from '../ci.ts';

/** Where .gitlab-ci.yml finds it: `artifacts: {reports: {junit: podreach-junit.xml}}`. */
const GITLAB_FILE = 'podreach-junit.xml';

/** Read before a reporter is loaded, as `--reporter` would be. */
export const usualReporters = (env: Env, of: 'run' | 'compare'): string[] => {
  const ci = ciIn(env);
  if (ci === 'github') {
    const { GITHUB_STEP_SUMMARY: summary } = env;
    return ['terminal', 'github', ...(summary ? [`markdown=${summary}`] : [])];
  }
  return ci === 'gitlab' && of === 'run' ? ['terminal', `junit=${GITLAB_FILE}`] : ['terminal'];
};

/** A step summary belongs to all commands of a step, so a report is added to it. */
export const isAddedTo = (file: string, env: Env): boolean =>
  ciIn(env) === 'github' && env.GITHUB_STEP_SUMMARY === file;
