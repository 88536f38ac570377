/** Logs of others, which may print their whole configuration when they start. */
import { plural } from '../text.ts';

/** Words beside which a value may be a secret, and forms that a secret has. */
const DOUBTFUL =
  /environ|env_var|\benv\b|loaded configuration|passw|token|secret|bearer|authoriz|credential|private.?key|-----BEGIN|\beyJ[\w-]{8}|:\/\/[^/\s:@]+:[^/\s@]+@/i;

/** The last lines of a log, in so many characters, without those that may hold a secret or a value from an environment. */
export const logLines = (log: string, characters: number): readonly string[] => {
  const tail = log.slice(-characters);
  const whole = tail.length < log.length ? tail.slice(tail.indexOf('\n') + 1) : tail;
  const lines = whole.trimEnd().split('\n');
  const safe = lines.filter((line) => !DOUBTFUL.test(line));
  const left = lines.length - safe.length;
  return [
    ...(left > 0 ? [`(podreach left out ${plural(left, 'line')} that may hold a secret or a variable's value)`] : []),
    ...safe,
  ];
};
