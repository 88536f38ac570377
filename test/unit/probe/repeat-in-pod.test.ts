import { expect } from 'chai';
import { existingPod } from '../../../src/attach/existing-pod.ts';
import { repeatInPod } from '../../../src/probe/index.ts';
import { podObject } from '../attach/fake-cluster.ts';

const from = existingPod(podObject('dev/client'), []);
const to = { ...existingPod(podObject('prod/web'), null), addresses: ['10.0.0.1', 'fd00::1'] };
const TCP = { port: 80, protocol: 'TCP' } as const;
const V6 = { ...TCP, family: 'IPv6' } as const;
const options = { image: 'probe:1', kubeconfig: ['/a b/config'], context: 'mine' };

describe('repeatInPod', () => {
  it('starts an ephemeral container again, since the one that probed has ended', () => {
    expect(repeatInPod(TCP, from, to, options)).to.equal(
      "kubectl --kubeconfig '/a b/config' --context mine debug -n dev client -i --profile=baseline --image=probe:1 -- " +
        'timeout 2 nc -n -z -v 10.0.0.1 80',
    );
    expect(repeatInPod({ port: 53, protocol: 'UDP' }, from, to, options)).to.contain(' nc -n -u -W 1 10.0.0.1 53');
  });

  const tools = {
    nc: ['timeout 2 nc -n -z -v 10.0.0.1 80', 'timeout 2 nc -n -z -v fd00::1 80'],
    bash: ["timeout 2 bash -c '</dev/tcp/10.0.0.1/80'", "timeout 2 bash -c '</dev/tcp/fd00::1/80'"],
    wget: [
      'timeout 2 wget --spider --no-proxy --max-redirect=0 -t 1 http://10.0.0.1:80/',
      "timeout 2 wget --spider --no-proxy --max-redirect=0 -t 1 'http://[fd00::1]:80/'",
    ],
  } as const;
  for (const connector of ['nc', 'bash', 'wget'] as const)
    it(`uses the ${connector} of the pod's own container, if that probed`, () => {
      const ownTool = { container: 'app', connector };
      for (const [at, probe] of [TCP, V6].entries())
        expect(repeatInPod(probe, from, to, { image: 'probe:1', context: 'mine', ownTool })).to.equal(
          `kubectl --context mine exec -n dev client -c app -- ${tools[connector][at]}`,
        );
    });
});
