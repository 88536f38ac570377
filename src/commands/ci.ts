/** Where podreach runs by itself, with nobody at a terminal. */

export type Env = Readonly<Record<string, string | undefined>>;

export type Ci = 'github' | 'gitlab';

export const ciIn = ({ GITHUB_ACTIONS, GITLAB_CI }: Env): Ci | undefined => {
  if (GITHUB_ACTIONS === 'true') return 'github';
  return GITLAB_CI === 'true' ? 'gitlab' : undefined;
};
