import type { Protocol } from '../scenario/index.ts';

/** A tick that was answered; `text` is what the server says of itself, if it does. */
export interface Answer {
  readonly tick: number;
  readonly text?: string;
}

/** Reads what the other end of a stream sends, as it comes: at any time it may be cut anywhere. */
export type ReadAnswers = (chunk: string) => readonly Answer[];

export const createAnswers = (protocol: Protocol): ReadAnswers => (protocol === 'UDP' ? datagrams() : responses());

/** An HTTP response with a body of a known length, at the beginning of a text. */
const HEAD = /^HTTP\/1\.1 200 [^\r]*\r\n(?:[^\r\n]+\r\n)*?content-length: *(\d{1,6})\r\n(?:[^\r\n]+\r\n)*\r\n/i;
const LONGEST = 16_384;

/** Responses come in the order of the requests. Anything else is the answer of a wrong server. */
const responses = (): ReadAnswers => {
  let rest = '';
  let tick = 0;
  return (chunk) => {
    rest += chunk;
    const answers: Answer[] = [];
    for (let [head, length] = HEAD.exec(rest) ?? []; head; [head, length] = HEAD.exec(rest) ?? []) {
      const end = head.length + Number(length);
      if (rest.length < end) break;
      answers.push({ tick, text: rest.slice(head.length, end) });
      tick += 1;
      rest = rest.slice(end);
    }
    if (rest.length < LONGEST) return answers;
    const text = rest.slice(0, 160);
    rest = '';
    return [...answers, { tick, text }];
  };
};

/** The first datagram says who the server is; each later one has the number of its tick, and some may be missing. */
const datagrams = (): ReadAnswers => {
  let rest = '';
  let isKnown = false;
  return (chunk) => {
    rest += chunk;
    if (!isKnown) {
      isKnown = true;
      const text = rest;
      rest = '';
      return [{ tick: 0, text }];
    }
    const complete = rest.slice(0, rest.lastIndexOf(';') + 1);
    rest = rest.slice(complete.length).slice(-LONGEST);
    return [...complete.matchAll(/(\d+);/g)].map(([, tick]) => ({ tick: Number(tick) }));
  };
};
