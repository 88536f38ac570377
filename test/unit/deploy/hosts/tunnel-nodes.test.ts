import { expect } from 'chai';
import { nodeEndsOf } from '../../../../src/deploy/hosts/tunnel-nodes.ts';
import { failureOf } from '../../failure-of.ts';
import { endpoint } from '../../probe/fake-targets.ts';
import { withDocker } from './fake-docker.ts';

const host = (...addresses: readonly string[]) =>
  ({ endpoint: 'host:office', name: 'office', addresses, ports: [] }) as const;
const NODES = [
  { name: 'n1', addresses: ['172.18.0.2'] },
  { name: 'n2', addresses: ['172.18.0.3'] },
];
const INSPECTED = "printf 'true podreach 172.18.0.2\\ntrue podreach 172.18.0.3\\n'";

describe('nodeEndsOf', () => {
  it('gives each node its address on the network of the nodes, and its own pods', () =>
    withDocker(INSPECTED, async (calls) => {
      const web = endpoint('prod/web', 0, []);
      const onNode = { ...endpoint('prod/agent', 1, []), node: 'n2', addresses: ['172.18.0.3', '10.0.0.9'] };
      expect(await nodeEndsOf([host('172.17.5.10')], NODES, [web, onNode])).to.deep.equal([
        { name: 'n1', underlay: '172.18.0.2', addresses: ['172.18.0.2'], pods: ['10.0.0.1'] },
        // A pod's address that is the node's is reached as the node is.
        { name: 'n2', underlay: '172.18.0.3', addresses: ['172.18.0.3'], pods: ['10.0.0.9'] },
      ]);
      // Without a host that has one, nobody asks for IPv6 addresses.
      expect((await calls()).map((call) => call.split(' ')[0])).to.deep.equal(['inspect']);
    }));

  it('asks the nodes for their IPv6 addresses, again if the answer is cut off', () => {
    const address = "printf '2: eth0    inet6 fc00:f853::2/64 scope global nodad\\n'";
    const show = `${address}; [ -e "$0.asked" ] && echo end; touch "$0.asked"`;
    return withDocker(`case $1 in inspect) ${INSPECTED} ;; *) ${show} ;; esac`, async (calls) => {
      const [first] = await nodeEndsOf([host('fd00:5::10')], NODES.slice(0, 1), []);
      expect(first?.addresses).to.deep.equal(['172.18.0.2', 'fc00:f853::2']);
      expect((await calls()).map((call) => call.split(' ')[0])).to.deep.equal(['inspect', 'exec', 'exec']);
    });
  });

  it('takes no answer that is cut off each time', () =>
    withDocker(`case $1 in inspect) ${INSPECTED} ;; *) echo '2: eth0    inet6 fc00' ;; esac`, async () => {
      const { message } = await failureOf(nodeEndsOf([host('fd00:5::10')], NODES.slice(0, 1), []));
      expect(message).to.match(/n1 .*cut off/);
    }));

  it('refuses nodes that are not containers of kind', async () => {
    for (const answer of ["printf 'false podreach 172.18.0.2\\n'", "printf 'true  172.18.0.2\\n'", 'exit 1'])
      await withDocker(answer, async () => {
        const { message, hint } = await failureOf(nodeEndsOf([host('172.17.5.10')], NODES.slice(0, 1), []));
        expect(message).to.match(/^this cluster can't have hosts outside/);
        expect(hint).to.contain('leave out --context');
      });
  });
});
