/** What a diagnosis comes to if it is not a mistake in a policy. */
import { expect } from 'chai';
import { diagnosisExitCode } from '../../../src/report/diagnose/exit-code.ts';
import { type Case, closed, diagnosed, pods, seen, sentence, service } from './fixture.ts';

const kindOf = (given: Case) => diagnosed(given).finding.kind;
const codeOf = (given: Case) => diagnosisExitCode(diagnosed(given).finding);

describe('the finding of a diagnosis', () => {
  it('is nothing if the connection is as it is wanted', () => {
    expect(sentence({ saw: 'allowed' })).to.equal('dev/client -> prod/web 8080/TCP is open, as the policies say.');
    expect(sentence({ policies: [closed], want: 'deny' })).to.equal(
      'dev/client -> prod/web 8080/TCP is blocked (dropped), as the policies say, as you want it.',
    );
    expect(codeOf({ saw: 'allowed' })).to.equal(0);
  });

  it('is that nothing listens, and where the Service leads', () => {
    const given: Case = { port: '80', own: 'rejected', saw: 'rejected' };
    expect(sentence(given)).to.equal(
      "dev/client -> prod/web 80/TCP can't be open, because nothing listens on 80/TCP of prod/web: it does not reach itself (rejected); that is the port of the Service prod/web, whose pods listen on 8080/TCP.",
    );
    expect(codeOf(given)).to.equal(1);
    expect(sentence({ own: 'rejected', saw: 'rejected', port: '9090' })).to.contain('; it declares 8080/TCP');
    // A policy may block it as well, which can't be seen.
    expect(kindOf({ ...given, policies: [closed], saw: 'dropped' })).to.equal('not-listening');
  });

  it('is that the destination does not run', () => {
    const gone = {
      facts: { pods: pods.filter(({ endpoint }) => endpoint !== 'prod/web') },
      observed: { path: { missing: 'x' } },
    };
    expect(kindOf(gone)).to.equal('not-running');
  });

  it('is a Service without the port, without pods, or without ready pods', () => {
    const base = { kind: 'service', way: 'svc', service, port: service.ports[0] } as const;
    const given = (target: object): Case => ({
      to: 'svc:prod/web',
      facts: { target: { ...base, ...target } as never },
      observed: { path: { missing: 'x' } },
    });
    expect(sentence({ ...given({ port: null }), port: '8080' })).to.equal(
      'the Service prod/web has no port 8080/TCP: it has 80/TCP.',
    );
    const misspelt = { ...service, selector: { app: 'wbe' } };
    expect(sentence(given({ service: misspelt, backends: { value: [] } }))).to.equal(
      'no pod is behind the Service prod/web: its selector app=wbe selects none, and prod/web comes nearest with app=web.',
    );
    const backends = { value: [{ endpoint: 'prod/web', port: 8080, ready: false }] };
    expect(sentence(given({ backends }))).to.equal('no pod behind the Service prod/web is ready: prod/web.');
  });

  it('is the way through the Service if its pods answer directly', () => {
    const direct = new Map([['prod/web', seen('dev/client', 'prod/web', 'allowed')]]);
    expect(sentence({ to: 'svc:prod/web', observed: { direct } })).to.contain(
      'blocked (dropped) between the Service and its pods',
    );
  });

  it('is a disagreement only if the policies are certainly still the same', () => {
    expect(sentence({ saw: 'dropped' })).to.equal(
      'the CNI and the specification disagree: by its policies dev/client -> prod/web 8080/TCP should be open, and it is blocked (dropped).',
    );
    expect(sentence({ policies: [closed], saw: 'allowed', want: 'deny' })).to.equal(
      'the CNI and the specification disagree: by its policies dev/client -> prod/web 8080/TCP should be blocked, and it is open.',
    );
    expect(codeOf({ policies: [closed], saw: 'allowed' })).to.equal(1);
    expect(codeOf({ observed: { policies: 'changed' } })).to.equal(2);
    expect(kindOf({ observed: { policies: 'unknown' } })).to.equal('changed');
  });

  it('says what a temporary allow-all showed', () => {
    const allowAll = (verdict: 'allowed' | 'dropped') => ({ value: seen('dev/client', 'prod/web', verdict) });
    expect(sentence({ policies: [closed], observed: { allowAll: allowAll('allowed') } })).to.contain(
      '(a temporary allow-all opened it)',
    );
    expect(sentence({ policies: [closed], observed: { allowAll: allowAll('dropped') } })).to.contain(
      'something besides these policies blocks it as well',
    );
    expect(sentence({ observed: { allowAll: allowAll('dropped') } })).to.contain(
      'did not open it (dropped), so it is the route',
    );
  });

  it('is unknown if the probe broke, if it can not be explained, or if nothing is specified', () => {
    const broken = { path: { missing: 'no probe can start from dev/client: x' } };
    expect(sentence({ observed: broken })).to.equal(
      'it is not known whether dev/client -> prod/web 8080/TCP is open: no probe can start from dev/client: x.',
    );
    expect(codeOf({ observed: broken })).to.equal(2);
    expect(codeOf({ saw: 'error' })).to.equal(2);
    const policies = { missing: 'you are not allowed to list networkpolicies.networking.k8s.io in prod' };
    expect(sentence({ facts: { policies } })).to.equal(
      `dev/client -> prod/web 8080/TCP is blocked (dropped), and it is not known why: ${policies.missing}.`,
    );
    const onNode = pods.map((pod) => (pod.endpoint === 'prod/web' ? { ...pod, hostNetwork: true } : pod));
    expect(kindOf({ facts: { pods: onNode }, policies: [closed] })).to.equal('undefined');
  });
});
