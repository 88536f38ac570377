export interface ColourChoice {
  /** False with --no-color. */
  readonly flag: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the report goes to a terminal. */
  readonly isTty: boolean;
}

/**
 * Whether to use colours: first the flag decides, then the environment (no-color.org, force-color.org), then the
 * terminal.
 */
export const wantsColour = ({ flag, env, isTty }: ColourChoice): boolean => {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (!flag || NO_COLOR) return false;
  if (FORCE_COLOR) return !['0', 'false'].includes(FORCE_COLOR);
  return isTty && TERM !== 'dumb';
};
