import { expect } from 'chai';
import { readQuestion } from '../../../src/diagnose/question.ts';

const read = (from: string, to: string, port = '80') => readQuestion({ from, to, port }, 'allow');

describe('the question of a diagnosis', () => {
  it('has a pod, a Service by address or name, or an address outside as its destination', () => {
    const to = (text: string) => read('dev/client', text).to;
    expect(to('prod/web-0.a')).to.deep.equal({ kind: 'pod', namespace: 'prod', name: 'web-0.a' });
    expect(to('svc:prod/web')).to.deep.equal({ kind: 'service', way: 'svc', namespace: 'prod', name: 'web' });
    expect(to('dns:prod/web')).to.deep.equal({ kind: 'service', way: 'dns', namespace: 'prod', name: 'web' });
    for (const text of ['198.51.100.7', 'host:198.51.100.7'])
      expect(to(text)).to.deep.equal({ kind: 'host', address: '198.51.100.7' });
    expect(to('2001:db8::7')).to.deep.equal({ kind: 'host', address: '2001:db8::7' });
  });

  it('has a number, with a protocol or without, or a name as its port', () => {
    const port = (text: string) => read('dev/client', 'prod/web', text).port;
    expect(port('80')).to.deep.equal({ number: 80, protocol: 'TCP' });
    expect(port('53/udp')).to.deep.equal({ number: 53, protocol: 'UDP' });
    expect(port('http')).to.deep.equal({ name: 'http' });
  });

  it('is refused with what is allowed', () => {
    expect(() => read('client', 'prod/web')).to.throw('"client" is not a pod to start from');
    for (const to of ['web', 'nodeport:prod/web', 'svc:web', 'svc:../web', 'Prod/web', 'host:office', ':prod/web'])
      expect(() => read('dev/client', to), to).to.throw('is not a destination');
    for (const port of ['0', '70000', '80/icmp', '-1', ''])
      expect(() => read('a/b', 'a/c', port), port).to.throw('is not a port');
  });
});
