import { expect } from 'chai';
import type { Decision, Explanation, ProbeExplanation } from '../../../../src/model/index.ts';
import { routeText } from '../../../../src/report/explain/route.ts';

const ASKED = { from: 'prod/client', to: 'svc:prod/web', port: 80, protocol: 'TCP' } as const;
const backend = (endpoint: string, decision: Decision = 'allow') => ({ endpoint, port: 8080, decision });
const explained = (changes: Partial<ProbeExplanation> = {}): ProbeExplanation => ({
  ...{ asked: ASKED, decision: 'allow', leftOpen: false, backendsDiffer: false, lookup: null, connections: [] },
  backends: [backend('prod/web-1')],
  ...changes,
});
const SERVER: Explanation = {
  ...{ from: 'prod/client', to: 'kube-system/coredns', port: 53, protocol: 'UDP', decision: 'deny', declared: true },
  ...{ kinds: { from: 'pod', to: 'pod' }, sides: [], notApplied: [] },
};

describe('routeText', () => {
  it('reports the pods behind the Service and their port, on which the policies act', () => {
    expect(routeText(explained())).to.deep.equal(['policies act on the pod behind the Service, prod/web-1 8080/TCP']);
    const backends = [1, 2, 3, 4, 5, 6, 7].map((number) => backend(`prod/web-${number}`));
    expect(routeText(explained({ backends }))).to.deep.equal([
      'policies act on the 7 pods behind the Service: prod/web-1 8080/TCP, prod/web-2 8080/TCP, prod/web-3 8080/TCP, prod/web-4 8080/TCP, prod/web-5 8080/TCP and 2 more',
    ]);
  });

  it('reports which of them are blocked if they differ', () => {
    const backends = [backend('prod/old', 'deny'), backend('prod/new'), backend('prod/odd', 'unknown')];
    expect(routeText(explained({ backends, decision: 'unknown', backendsDiffer: true }))).to.deep.equal([
      'the pods behind the Service differ, so it depends on which of the 3 is chosen:',
      '  blocked: prod/old 8080/TCP',
      '  unknown: prod/odd 8080/TCP',
      '  allowed: prod/new 8080/TCP',
    ]);
  });

  it('reports that a client is kept at one of those that differ', () => {
    const backends = [backend('prod/old', 'deny'), backend('prod/new')];
    const differing = { backends, decision: 'unknown', backendsDiffer: true, sticky: true } as const;
    expect(routeText(explained(differing))[0]).to.equal(
      'the pods behind the Service differ, so it depends on which of the 2 is chosen, and sessionAffinity keeps each client at the one it got:',
    );
    expect(routeText(explained({ backends, sticky: true }))[0]).to.not.contain('sessionAffinity');
  });

  it('reports first that a name cannot be looked up, or perhaps not', () => {
    const first = (decision: Decision, explanations: readonly Explanation[]) =>
      routeText(explained({ decision, lookup: { decision, explanations } }))[0];
    expect(first('deny', [SERVER])).to.equal(
      "prod/client can't look the name up: policies block it from the cluster's DNS",
    );
    expect(first('unknown', [SERVER])).to.equal(
      "it is not known whether policies let prod/client look the name up at the cluster's DNS",
    );
    expect(first('unknown', [])).to.equal(
      "it is not known which pods are the cluster's DNS servers, so prod/client may not be able to look the name up",
    );
    expect(first('allow', [SERVER])).to.contain('the pod behind the Service');
  });

  it('reports that nobody is behind it', () => {
    expect(routeText(explained({ backends: [], decision: 'deny' }))).to.deep.equal([
      'no pod is behind svc:prod/web on 80/TCP, so nothing answers',
    ]);
  });

  it('reports that a node may stand in between, if that is undefined', () => {
    const [, open, ...more] = routeText(explained({ leftOpen: true, decision: 'unknown' }));
    expect(open).to.contain('the specification leaves undefined').and.to.contain('node');
    expect(more).to.deep.equal([]);
  });

  it('says nothing of a probe that goes to no Service', () => {
    expect(routeText(explained({ asked: { ...ASKED, to: 'prod/web-1' }, backends: null }))).to.deep.equal([]);
  });

  it('lets no name steer the terminal', () => {
    const [text = ''] = routeText(explained({ backends: [backend('prod/\u001b[2J')] }));
    expect(text).to.not.match(/\p{Cc}/u);
  });
});
