import { expect } from 'chai';
import { connect } from '../../../../src/deploy/hosts/connect.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { failureOf } from '../../failure-of.ts';
import { ownCacheHome } from '../../host/cache-home.ts';
import { withDocker } from './fake-docker.ts';

const NODES = ['n1', 'n2'].map((name, index) => ({
  name,
  underlay: `172.18.0.${index + 2}`,
  addresses: [`172.18.0.${index + 2}`],
  pods: [`10.0.${index}.1`],
}));
const OFFICE = { container: 'podreach-office-x7k2a', underlay: '172.18.0.9' };
const IMAGE = "case $1 in inspect) echo 'sha256:of-the-node' ;; esac";

describe('connect', () => {
  ownCacheHome();

  it('makes the host’s ends first, then each node’s, on which it clears away what an earlier one left', () =>
    withDocker(IMAGE, async (calls) => {
      await connect(OFFICE, ['172.17.5.10'], NODES);
      const [inspect, helper, ...onNodes] = await calls();
      expect(inspect).to.match(/^inspect .* n1$/);
      expect(helper).to.match(/^run --rm --label .* --network container:podreach-office-x7k2a --cap-add NET_ADMIN /);
      expect(helper).to.contain('--entrypoint sh sha256:of-the-node -c ');
      expect(onNodes.map((call) => call.replace(/^(exec \S+) .*(link delete|link add).*$/, '$1 $2'))).to.deep.equal([
        'exec n1 link delete',
        'exec n1 link add',
        'exec n2 link delete',
        'exec n2 link add',
      ]);
    }));

  it('takes a privileged helper for IPv6, which Docker turns off in containers', () =>
    withDocker(IMAGE, async (calls) => {
      await connect(OFFICE, ['fd00:5::10'], NODES);
      expect((await calls())[1])
        .to.contain(' --privileged ')
        .and.not.contain('NET_ADMIN');
    }));

  it('says which host could not be connected, and what Docker said', () =>
    withDocker(`${IMAGE}; [ $1 = inspect ] || { echo 'no such device' >&2; exit 1; }`, async () => {
      const error = await failureOf(connect(OFFICE, ['172.17.5.10'], NODES));
      expect(error).to.be.instanceOf(PodreachError);
      expect(error.message).to.contain('connecting the outside host 172.17.5.10').and.contain('no such device');
    }));
});
