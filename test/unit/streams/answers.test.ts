import { expect } from 'chai';
import { createAnswers } from '../../../src/streams/answers.ts';

const response = (body: string): string =>
  `HTTP/1.1 200 OK\r\nDate: Fri, 27 Nov 2026 04:30:00 GMT\r\nContent-Length: ${body.length}\r\nContent-Type: text/plain\r\n\r\n${body}`;

describe('what the other end of a stream sends', () => {
  it('over TCP is a response for each request, in their order, wherever the text is cut', () => {
    const text = response('prod/web:80') + response('prod/web:80');
    for (const at of [1, 40, text.length / 2, text.length - 1]) {
      const read = createAnswers('TCP');
      expect([...read(text.slice(0, at)), ...read(text.slice(at))], `${at}`).to.deep.equal([
        { tick: 0, text: 'prod/web:80' },
        { tick: 1, text: 'prod/web:80' },
      ]);
    }
  });

  it('over TCP is no answer if it is none of HTTP, and a wrong one in the end', () => {
    const read = createAnswers('TCP');
    expect(read('SSH-2.0-OpenSSH_9.2\r\n')).to.deep.equal([]);
    expect(read('x'.repeat(20_000))).to.have.length(1);
  });

  it('over UDP is who it is, and then the numbers of the requests, of which some may be missing', () => {
    const read = createAnswers('UDP');
    expect(read('podreach-1f2e')).to.deep.equal([{ tick: 0, text: 'podreach-1f2e' }]);
    expect([...read('1;2;1'), ...read('4;'), ...read('16;')]).to.deep.equal([1, 2, 14, 16].map((tick) => ({ tick })));
  });
});
