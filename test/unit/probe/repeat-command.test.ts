import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { repeatCommand } from '../../../src/probe/index.ts';

const FROM = { namespace: 'dev-x7k2a', pod: 'client' };
const TO = { address: '10.0.0.1' };

describe('repeatCommand', () => {
  it('repeats a TCP probe', () => {
    expect(repeatCommand({ port: 80, protocol: 'TCP' }, FROM, TO)).to.equal(
      'kubectl exec -n dev-x7k2a client -c probe -- timeout 2 nc -n -z -v 10.0.0.1 80',
    );
  });

  it('names kubeconfig and context, quoted for a shell', () => {
    const options = { kubeconfig: "/home/it's me/config", context: 'kind-podreach' };
    const command = repeatCommand({ port: 80, protocol: 'TCP' }, FROM, TO, options);
    expect(command).to.match(/^kubectl --kubeconfig '\/home\/it'\\''s me\/config' --context kind-podreach exec /);
    const words = spawnSync('sh', ['-c', `printf '%s\\n' ${command}`])
      .stdout.toString()
      .split('\n');
    expect(words.slice(0, 3)).to.deep.equal(['kubectl', '--kubeconfig', "/home/it's me/config"]);
  });

  it('repeats a UDP probe with an echo', () => {
    expect(repeatCommand({ port: 53, protocol: 'UDP' }, FROM, TO)).to.equal(
      `kubectl exec -n dev-x7k2a client -c probe -- sh -c 'echo echo hello | timeout "$3" nc -n -u -W 1 "$1" "$2"' sh 10.0.0.1 53 2`,
    );
  });

  it('repeats what a host outside the cluster does in its container, which no kubeconfig is needed for', () => {
    const host = { container: 'podreach-office-x7k2a' };
    const options = { kubeconfig: '/home/me/config', context: 'kind-podreach', timeoutSeconds: 3 };
    expect(repeatCommand({ port: 80, protocol: 'TCP' }, host, TO, options)).to.equal(
      'docker exec podreach-office-x7k2a timeout 3 nc -n -z -v 10.0.0.1 80',
    );
    expect(repeatCommand({ port: 53, protocol: 'UDP' }, host, TO)).to.equal(
      `docker exec podreach-office-x7k2a sh -c 'echo echo hello | timeout "$3" nc -n -u -W 1 "$1" "$2"' sh 10.0.0.1 53 2`,
    );
    expect(repeatCommand({ port: 9000, protocol: 'SCTP' }, host, TO)).to.equal(null);
  });

  it('knows no way to repeat SCTP', () =>
    expect(repeatCommand({ port: 9000, protocol: 'SCTP' }, FROM, TO)).to.equal(null));
});
