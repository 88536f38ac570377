import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import type { HostEndpoint } from '../../../src/deploy/index.ts';
import { repeatCommand } from '../../../src/probe/index.ts';
import { byName, endpoint, service } from './fake-targets.ts';

const FROM = endpoint('dev/client', 1, []);
const TO = endpoint('prod/web', 0, []);
const DUAL = { ...TO, addresses: ['10.0.0.1', 'fd00::1'] };
const OFFICE: HostEndpoint = {
  kind: 'host',
  endpoint: 'host:office',
  container: 'podreach-office-x7k2a',
  addresses: ['172.17.5.10'],
  ports: [],
};
const IN_CLIENT = 'kubectl exec -n dev-x7k2a client -c probe --';
const TCP = { port: 80, protocol: 'TCP' } as const;
const UDP = { port: 53, protocol: 'UDP' } as const;
const SCTP = { port: 9000, protocol: 'SCTP' } as const;

describe('repeatCommand', () => {
  it('repeats a TCP probe', () => {
    expect(repeatCommand(TCP, FROM, TO)).to.equal(`${IN_CLIENT} timeout 2 nc -n -z -v 10.0.0.1 80`);
  });

  it('repeats it over its own family', () => {
    expect(repeatCommand({ ...TCP, family: 'IPv6' }, FROM, DUAL)).to.match(/ nc -n -z -v fd00::1 80$/);
    expect(repeatCommand({ ...TCP, family: 'IPv4' }, FROM, DUAL)).to.match(/ nc -n -z -v 10\.0\.0\.1 80$/);
  });

  it('names several kubeconfigs as kubectl takes them', () => {
    const options = { kubeconfig: ['/a b/one', 'two'], context: 'mine' };
    expect(repeatCommand(TCP, FROM, TO, options)).to.match(
      /^env 'KUBECONFIG=\/a b\/one[:;]two' kubectl --context mine exec /,
    );
  });

  it('names one kubeconfig by the flag, whatever its path holds', () => {
    const options = { kubeconfig: ['/clusters/10:30/config'], context: 'mine' };
    expect(repeatCommand(TCP, FROM, TO, options)).to.match(
      /^kubectl --kubeconfig \/clusters\/10:30\/config --context mine exec /,
    );
  });

  it('names kubeconfig and context, quoted for a shell', () => {
    const options = { kubeconfig: ["/home/it's me/config"], context: 'kind-podreach' };
    const command = repeatCommand(TCP, FROM, TO, options);
    expect(command).to.match(/^kubectl --kubeconfig '\/home\/it'\\''s me\/config' --context kind-podreach exec /);
    const words = spawnSync('sh', ['-c', `printf '%s\\n' ${command}`])
      .stdout.toString()
      .split('\n');
    expect(words.slice(0, 3)).to.deep.equal(['kubectl', '--kubeconfig', "/home/it's me/config"]);
  });

  it('repeats a UDP probe with an echo', () => {
    expect(repeatCommand(UDP, FROM, TO)).to.equal(
      `${IN_CLIENT} sh -c 'echo echo hello | timeout "$@"' sh 2 nc -n -u -W 1 10.0.0.1 53`,
    );
  });

  it('repeats an SCTP probe by agnhost, an IPv6 address in brackets', () => {
    const connect = '/agnhost connect --protocol sctp --timeout 2s';
    expect(repeatCommand(SCTP, FROM, TO)).to.equal(`${IN_CLIENT} timeout 2 ${connect} 10.0.0.1:9000`);
    expect(repeatCommand({ ...SCTP, family: 'IPv6' }, FROM, DUAL)).to.equal(
      `${IN_CLIENT} timeout 2 ${connect} '[fd00::1]:9000'`,
    );
  });

  it('repeats what a host outside the cluster does in its container, which no kubeconfig is needed for', () => {
    const options = { kubeconfig: ['/home/me/config'], context: 'kind-podreach', timeoutSeconds: 3 };
    expect(repeatCommand(TCP, OFFICE, TO, options)).to.equal(
      'docker exec podreach-office-x7k2a timeout 3 nc -n -z -v 10.0.0.1 80',
    );
    expect(repeatCommand(UDP, OFFICE, TO)).to.equal(
      `docker exec podreach-office-x7k2a sh -c 'echo echo hello | timeout "$@"' sh 2 nc -n -u -W 1 10.0.0.1 53`,
    );
  });

  it("repeats a probe of a Service by its address and its own port, or by a node's", () => {
    const web = service(['prod/web']);
    expect(repeatCommand(TCP, FROM, web)).to.match(/ nc -n -z -v 10\.96\.0\.7 80$/);
    expect(repeatCommand({ ...TCP, family: 'IPv6' }, FROM, web)).to.match(/ fd00:10:96::7 80$/);
    const nodePort = service([], {
      endpoint: 'nodeport:prod/web',
      addresses: ['172.18.0.2'],
      translations: new Map([['80/TCP', { port: 30_080, backends: [] }]]),
    });
    expect(repeatCommand(TCP, OFFICE, nodePort)).to.match(/ nc -n -z -v 172\.18\.0\.2 30080$/);
  });

  it('repeats a probe by name, in its family, and looks the name up', () => {
    const name = byName(['prod/web']);
    expect(repeatCommand(TCP, FROM, name)).to.equal(
      `${IN_CLIENT} timeout 2 nc -z -v web.prod-x7k2a.svc.cluster.local. 80`,
    );
    expect(repeatCommand({ ...TCP, family: 'IPv6' }, FROM, name)).to.contain(' nc -6 -z -v web.');
    expect(repeatCommand({ ...UDP, family: 'IPv4' }, FROM, name)).to.contain(' nc -4 -u -W 1 web.');
  });

  it('has nothing to repeat from a Service', () => {
    expect(repeatCommand(TCP, service([]), TO)).to.equal(null);
  });
});
