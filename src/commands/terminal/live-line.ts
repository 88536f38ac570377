import { ciIn, type Env } from '../ci.ts';
import { wantsColour } from './colour.ts';

export interface LiveChoice {
  /** False with --no-color. */
  readonly colour: boolean;
  readonly quiet: boolean;
  readonly env: Env;
  /** Whether progress goes to a terminal. */
  readonly isTty: boolean;
}

/** Whether a line of progress may be drawn again and again. Whoever wants no colours gets no other control codes either. */
export const wantsLive = ({ colour, quiet, env, isTty }: LiveChoice): boolean =>
  isTty && !quiet && ciIn(env) === undefined && wantsColour({ flag: colour, env, isTty });
