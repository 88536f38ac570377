/** Mistakes that were planted in policies, and the sentence that names each. */
import { expect } from 'chai';
import { remedyText } from '../../../src/report/diagnose/remedy.ts';
import { type Case, closed, diagnosed, policy, seen, sentence } from './fixture.ts';

const web = { podSelector: { matchLabels: { app: 'web' } } };
const fromDev = (pods: object, ports: readonly object[] = [{ port: 8080 }]) => ({
  ingress: [{ from: [{ namespaceSelector: { matchLabels: { env: 'dev' } }, ...pods }], ports }],
});
const client = { podSelector: { matchLabels: { app: 'client' } } };

const remediesOf = (given: Case) => diagnosed(given).remedies.map(remedyText);

describe('a planted mistake', () => {
  const blocked = 'dev/client -> prod/web 8080/TCP is blocked (dropped): ';

  it('is a misspelt label in a peer', () => {
    const allow = policy('prod/allow', { ...web, ...fromDev({ podSelector: { matchLabels: { app: 'clinet' } } }) });
    expect(sentence({ policies: [closed, allow] })).to.equal(
      `${blocked}wrong label: ingress rule 1 of prod/allow asks for a pod with app=clinet, and dev/client has app=client, not app=clinet.`,
    );
    expect(remediesOf({ policies: [closed, allow] })[0]).to.equal(
      'write app=client instead of app=clinet in the podSelector of ingress rule 1 of prod/allow',
    );
  });

  it('is a label that no namespace has', () => {
    const from = [{ namespaceSelector: { matchLabels: { env: 'development' } } }];
    const allow = policy('prod/allow', { ...web, ingress: [{ from }] });
    expect(sentence({ policies: [closed, allow] })).to.equal(
      `${blocked}wrong label: ingress rule 1 of prod/allow asks for a namespace with env=development, and namespace dev has env=dev, not env=development.`,
    );
  });

  it('is a podSelector that selects no pod', () => {
    const allow = policy('prod/allow', { podSelector: { matchLabels: { app: 'frontend' } }, ...fromDev(client) });
    expect(sentence({ policies: [closed, allow] })).to.equal(
      `${blocked}wrong label: prod/allow selects pods with app=frontend, and prod/web has app=web, not app=frontend.`,
    );
  });

  it('is the wrong namespace', () => {
    const allow = policy('dev/allow', { ...web, ...fromDev(client) });
    expect(sentence({ policies: [closed, allow] })).to.equal(
      `${blocked}wrong namespace: dev/allow is meant for app=web, which prod/web has, but it is in namespace dev and acts only there.`,
    );
    expect(remediesOf({ policies: [closed, allow] })[0]).to.equal(
      'move dev/allow to namespace prod (metadata.namespace)',
    );
    const far = { value: [policy('default/allow', { ...web, ...fromDev(client) })] };
    expect(sentence({ policies: [closed], elsewhere: far })).to.contain('wrong namespace: default/allow');
  });

  it('is a peer that means the own namespace', () => {
    const allow = policy('prod/allow', { ...web, ingress: [{ from: [client] }] });
    expect(sentence({ policies: [closed, allow] })).to.equal(
      `${blocked}wrong namespace: ingress rule 1 of prod/allow has no namespaceSelector beside pods app=client in prod, so it means only that namespace, and dev/client is in dev.`,
    );
  });

  it('is a direction that policyTypes leaves out', () => {
    const out = policy('dev/deny-out', { podSelector: {}, policyTypes: ['Egress'] });
    const allow = policy('dev/allow', {
      ...client,
      policyTypes: ['Ingress'],
      egress: [{ to: [{ namespaceSelector: {} }] }],
    });
    expect(sentence({ policies: [out, allow] })).to.equal(
      `${blocked}policyTypes: dev/allow has egress rules, but its policyTypes leave out Egress, so the rules have no effect on dev/client.`,
    );
    expect(remediesOf({ policies: [out, allow] })[0]).to.equal('add Egress to the policyTypes of dev/allow');
  });

  it('is a direction that policyTypes names without need', () => {
    const both = policy('dev/in', { ...client, policyTypes: ['Ingress', 'Egress'], ingress: [{}] });
    expect(sentence({ policies: [both] })).to.equal(
      `${blocked}policyTypes: dev/in names Egress in its policyTypes but has no egress rules, so it lets nothing out of dev/client.`,
    );
  });

  it('is AND for OR', () => {
    const allow = policy('prod/allow', { ...web, ...fromDev({ podSelector: { matchLabels: { app: 'monitor' } } }) });
    expect(sentence({ policies: [closed, allow] })).to.equal(
      `${blocked}AND for OR: ingress rule 1 of prod/allow has both selectors in one peer (pods app=monitor in namespaces env=dev), which means AND, and dev/client matches only its namespaceSelector.`,
    );
    expect(remediesOf({ policies: [closed, allow] })[0]).to.match(
      /^make two peers of the two selectors in ingress rule 1/,
    );
  });

  it('is OR for AND, if the connection is to be blocked', () => {
    const from = [
      { namespaceSelector: { matchLabels: { env: 'dev' } } },
      { podSelector: { matchLabels: { app: 'other' } } },
    ];
    const allow = policy('prod/allow', { ...web, ingress: [{ from }] });
    const given: Case = { policies: [closed, allow], want: 'deny', saw: 'allowed' };
    expect(sentence(given)).to.equal(
      'dev/client -> prod/web 8080/TCP is open, though you want it blocked: OR for AND: ingress rule 1 of prod/allow has two peers (namespaces env=dev; pods app=other in prod), which means OR, and dev/client needs to match only one of them.',
    );
    expect(remediesOf(given)).to.deep.equal([
      'make one peer of the two in ingress rule 1 of prod/allow: write both selectors under one dash',
    ]);
  });

  it('is the port of the Service instead of its target', () => {
    const allow = policy('prod/allow', { ...web, ...fromDev(client, [{ port: 80 }]) });
    const why =
      'port of the Service: ingress rule 1 of prod/allow has 80/TCP, the port of the Service prod/web, but policies act on the target port 8080/TCP.';
    expect(sentence({ policies: [closed, allow] })).to.equal(blocked + why);
    expect(sentence({ policies: [closed, allow], to: 'svc:prod/web' })).to.equal(
      `dev/client -> svc:prod/web 80/TCP is blocked (dropped): ${why}`,
    );
  });

  it('is a port name that the pod does not have', () => {
    const allow = policy('prod/allow', { ...web, ...fromDev(client, [{ port: 'web' }]) });
    expect(sentence({ policies: [closed, allow] })).to.contain(
      'named port: ingress rule 1 of prod/allow has the port web, and prod/web has no port of that name; the connection goes to 8080/TCP',
    );
  });

  it('cuts off DNS', () => {
    const to = [{ namespaceSelector: { matchLabels: { env: 'prod' } }, ...web }];
    const out = policy('dev/out', { ...client, policyTypes: ['Egress'], egress: [{ to, ports: [{ port: 8080 }] }] });
    const lookup = { value: seen('dev/client', 'dns:prod/web', 'dropped') };
    expect(sentence({ policies: [out], to: 'dns:prod/web', saw: 'allowed', observed: { lookup } })).to.equal(
      "dev/client -> dns:prod/web 80/TCP is blocked (dropped): DNS cut: dev/out lets no lookup (53/UDP) out of dev/client to the cluster's DNS.",
    );
  });

  it('may be two in one rule, which misses the pod and the port', () => {
    const allow = policy('prod/allow', {
      ...web,
      ...fromDev({ podSelector: { matchLabels: { app: 'clinet' } } }, [{ port: 80 }]),
    });
    expect(sentence({ policies: [closed, allow] })).to.equal(
      `${blocked}wrong label: ingress rule 1 of prod/allow asks for a pod with app=clinet, and dev/client has app=client, not app=clinet; and port of the Service: ingress rule 1 of prod/allow has 80/TCP, the port of the Service prod/web, but policies act on the target port 8080/TCP.`,
    );
    expect(remediesOf({ policies: [closed, allow] })[0]).to.match(/^write app=client .*, and write 8080\/TCP/v);
  });

  it('is not made of halves in two rules', () => {
    const [slip, port] = [
      policy('prod/slip', { ...web, ...fromDev({ podSelector: { matchLabels: { app: 'clinet' } } }, [{ port: 9 }]) }),
      policy('prod/port', { ...web, ...fromDev({ podSelector: { matchLabels: { app: 'other' } } }, [{ port: 80 }]) }),
    ];
    expect(sentence({ policies: [closed, slip, port] })).to.contain(': no rule lets it in: ');
  });

  it('may be one on each side', () => {
    const out = policy('dev/out', { ...client, policyTypes: ['Egress'], egress: [{ ports: [{ port: 80 }] }] });
    const allow = policy('prod/allow', { ...web, ...fromDev({ podSelector: { matchLabels: { app: 'clinet' } } }) });
    expect(sentence({ policies: [out, closed, allow] })).to.match(
      /blocked \(dropped\): port of the Service: egress rule 1 of dev\/out .*; and wrong label: ingress rule 1 of prod\/allow/v,
    );
    expect(remediesOf({ policies: [out, closed, allow] })[0]).to.match(/^write 8080\/TCP .*, and write app=client/v);
  });
});

describe('what is no mistake', () => {
  it('is a rule for others: there just is none for this pod', () => {
    const allow = policy('prod/allow', { ...web, ...fromDev({ podSelector: { matchLabels: { app: 'other' } } }) });
    expect(sentence({ policies: [closed, allow] })).to.equal(
      'dev/client -> prod/web 8080/TCP is blocked (dropped): no rule lets it in: the policies prod/deny-all, prod/allow isolate prod/web for ingress, and no rule of theirs is for dev/client.',
    );
    expect(remediesOf({ policies: [closed, allow] })).to.have.lengthOf(1);
  });

  it('is a rule for another port', () => {
    const allow = policy('prod/allow', { ...web, ...fromDev(client, [{ port: 9090 }]) });
    expect(sentence({ policies: [closed, allow] })).to.contain(
      'other port: ingress rule 1 of prod/allow lets dev/client through, but only on 9090/TCP',
    );
  });

  it('is no policy at all, if the connection is to be blocked', () => {
    const given: Case = { want: 'deny', saw: 'allowed' };
    expect(sentence(given)).to.equal(
      'dev/client -> prod/web 8080/TCP is open, though you want it blocked: no policy isolates prod/web for ingress; and no policy isolates dev/client for egress.',
    );
    expect(remediesOf(given)[0]).to.match(/^add a policy to namespace prod, spec: .*NotIn/v);
  });

  it('is a rule that lets it through, if the connection is to be blocked', () => {
    const from = [client, { namespaceSelector: { matchLabels: { env: 'dev' } } }];
    const given: Case = {
      policies: [policy('prod/allow', { ...web, ingress: [{ from }] })],
      want: 'deny',
      saw: 'allowed',
    };
    expect(sentence(given)).to.contain('ingress rule 1 of prod/allow lets dev/client through');
    expect(remediesOf(given)).to.include(
      'delete from ingress rule 1 of prod/allow the peer namespaces env=dev (also closes 1 other connection, among the pods of these namespaces)',
    );
  });
});
