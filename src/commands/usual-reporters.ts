/** The reports where nobody names any: in CI also those that its pages show. */

type Env = Readonly<Record<string, string | undefined>>;

/** Where .gitlab-ci.yml finds it: `artifacts: {reports: {junit: podreach-junit.xml}}`. */
const GITLAB_FILE = 'podreach-junit.xml';

/** Read before a reporter is loaded, as `--reporter` would be. */
export const usualReporters = (env: Env, of: 'run' | 'compare'): string[] => {
  if (env.GITHUB_ACTIONS === 'true') {
    const { GITHUB_STEP_SUMMARY: summary } = env;
    return ['terminal', 'github', ...(summary ? [`markdown=${summary}`] : [])];
  }
  return env.GITLAB_CI === 'true' && of === 'run' ? ['terminal', `junit=${GITLAB_FILE}`] : ['terminal'];
};

/** A step summary belongs to all commands of a step, so a report is added to it. */
export const isAddedTo = (file: string, env: Env): boolean =>
  env.GITHUB_ACTIONS === 'true' && env.GITHUB_STEP_SUMMARY === file;
