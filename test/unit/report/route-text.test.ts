import { expect } from 'chai';
import type { RoutedProbe } from '../../../src/model/index.ts';
import { routeText } from '../../../src/report/index.ts';

const ASKED = { from: 'prod/client', to: 'svc:prod/web', port: 80, protocol: 'TCP' } as const;
const routed = (changes: Partial<RoutedProbe> = {}): RoutedProbe => ({
  ...{ asked: ASKED, backends: 1, cutOff: false, leftOpen: false },
  probe: { ...ASKED, to: 'prod/web-1', port: 8080 },
  ...changes,
});

describe('routeText', () => {
  it('tells the backend and its port, on which the policies act', () => {
    expect(routeText(routed())).to.deep.equal(['policies act on the endpoint behind the Service, prod/web-1 8080/TCP']);
    expect(routeText(routed({ backends: 3 }))[0]).to.match(/prod\/web-1 8080\/TCP, one of 3 backends$/);
  });

  it('tells that a name can not be looked up before all else', () => {
    expect(routeText(routed({ cutOff: true }))).to.deep.equal([
      "prod/client can't look the name up: its egress policies don't let it out to the cluster's DNS",
    ]);
  });

  it('tells that nobody is behind it', () => {
    expect(routeText(routed({ probe: null, backends: 0 }))).to.deep.equal(['svc:prod/web has no backend']);
  });

  it('tells that a node may stand in between, where that is left open', () => {
    const [, open, ...more] = routeText(routed({ leftOpen: true }));
    expect(open).to.contain('the specification leaves open').and.to.contain('node');
    expect(more).to.deep.equal([]);
  });

  it('says nothing of a probe that goes to no Service', () => {
    const asked = { ...ASKED, to: 'prod/web-1' };
    expect(routeText(routed({ asked, probe: asked }))).to.deep.equal([]);
  });

  it('lets no name steer the terminal', () => {
    const [text = ''] = routeText(routed({ probe: { ...ASKED, to: 'prod/\u001b[2J' } }));
    expect(text).to.not.match(/\p{Cc}/u);
  });
});
