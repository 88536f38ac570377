import { expect } from 'chai';
import { keepsPods, type Pod, type Topology } from '../../../src/scenario/index.ts';

const pod = (name: string, more: Partial<Pod> = {}): Pod => ({
  ...{ endpoint: `prod/${name}`, namespace: 'prod', name, labels: { app: name }, ports: [], ...more },
});
const topology = (...pods: readonly Pod[]): Topology => ({
  ...{ hosts: [], nodes: [], services: [], namespaces: [{ name: 'prod', labels: {}, pods }] },
});
const before = topology(pod('web'), pod('api'));

describe('pods that stay', () => {
  for (const [what, after, stay] of [
    ['have other labels', topology(pod('web', { labels: { app: 'shop' } }), pod('api')), true],
    ['are fewer', topology(pod('api')), true],
    ['are joined by another one', topology(pod('web'), pod('api'), pod('db')), false],
    ['have another port', topology(pod('web', { ports: [{ number: 80, protocol: 'TCP' }] }), pod('api')), false],
  ] as const)
    it(`${stay ? 'are all of them' : 'are not all of them'} if they ${what}`, () => {
      expect(keepsPods(before, after)).to.equal(stay);
    });
});
