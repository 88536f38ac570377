export const DURATION = /^[1-9]\d{0,5}(?:ms|s)$/;

/** `2s` is 2000; null for anything that is no duration. */
export const readDuration = (text: string): number | null => (DURATION.test(text) ? millisecondsOf(text) : null);

/** `2s` is 2000. */
export const millisecondsOf = (text: string): number => Number.parseInt(text, 10) * (text.endsWith('ms') ? 1 : 1000);
