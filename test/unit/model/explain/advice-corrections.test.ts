import { expect } from 'chai';
import { advise } from '../../../../src/model/explain/advice.ts';
import type { Cast, Specs } from '../lint/fixture.ts';
import { tcp } from './advice-cast.ts';
import { told } from './advice-told.ts';
import { inputOf, probeOf } from './explain-fixture.ts';

const cast: Cast = {
  namespaces: { shop: { team: 'shop' }, ops: { team: 'ops' } },
  pods: {
    'shop/front-end': { labels: { app: 'front-end', tier: 'web' }, ports: tcp(80) },
    'shop/carts': { labels: { app: 'carts', version: 'v1' }, ports: tcp(80, 9090) },
    'shop/carts-db': { labels: { app: 'carts-db' }, ports: tcp(27017) },
    'ops/grafana': { labels: { app: 'grafana' } },
  },
};
const advised = (probe: string, specs: Specs, given = cast) =>
  advise(inputOf(given, specs), probeOf(probe)).changes.map(told);
const corrections = (probe: string, specs: Specs, given = cast) =>
  advised(probe, specs, given).filter(([kind]) => kind === 'selector');

const deny = { 'shop/deny': '{podSelector: {}}' };
const intoDb = (peer: string) => ({
  'shop/db': `{podSelector: {matchLabels: {app: carts-db}}, ingress: [{from: [{ipBlock: {cidr: 11.0.0.0/8}}], ports: [{port: 1}]}, {from: [${peer}]}]}`,
});
const pods = (labels: string) => `{podSelector: {matchLabels: {${labels}}}}`;

describe('advise corrects a selector that misses by a slip', () => {
  it('of the policy that was meant to let the connection in, which it names first', () => {
    const specs = {
      ...deny,
      'shop/cart': '{podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{podSelector: {}}]}]}',
    };
    // Every pod of shop may then reach carts, on both ports: carts-db on 80 and 9090, front-end on 9090.
    expect(corrections('shop/front-end > shop/carts 80', specs)).to.deep.equal([
      ['selector', 'cart', 'podSelector', null, 'app=cart', 'app=carts', 3, 0],
    ]);
    const narrow = {
      ...deny,
      'shop/cart':
        '{podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{podSelector: {matchLabels: {app: front-end}}}]}]}',
    };
    // The fix comes before the policy that opens port 80 only.
    expect(advised('shop/front-end > shop/carts 80', narrow).map(([kind]) => kind)).to.deep.equal([
      'selector',
      'policy',
    ]);
  });

  it('of a peer, in a value, a key, or one of several values', () => {
    const probe = 'shop/carts > shop/carts-db 27017';
    for (const [peer, was, is] of [
      [pods('app: cart'), 'app=cart', 'app=carts'],
      [pods('app: catrs'), 'app=catrs', 'app=carts'],
      [pods('app: CARTS'), 'app=CARTS', 'app=carts'],
      [pods('app: cards'), 'app=cards', 'app=carts'],
      [pods('ap: carts'), 'ap=carts', 'app=carts'],
      [pods('app.kubernetes.io/name: carts'), 'app.kubernetes.io/name=carts', 'app=carts'],
      [
        '{podSelector: {matchExpressions: [{key: app, operator: In, values: [front-end, cart]}]}}',
        'app=cart',
        'app=carts',
      ],
    ] as const)
      expect(corrections(probe, intoDb(peer)), was).to.deep.equal([
        ['selector', 'db', 'podSelector', ['ingress', 2], was, is, 0, 0],
      ]);
  });

  it('and counts what that opens for a pod, though another of the values lets a second pod in already', () => {
    const peer = '{podSelector: {matchExpressions: [{key: app, operator: In, values: [front-end, cart]}]}}';
    const alike = { ...cast.pods, 'shop/front-end': { labels: { app: 'front-end' }, ports: tcp(80, 9090) } };
    const two = {
      ...cast,
      pods: { ...alike, 'shop/carts-db': { labels: { app: 'carts-db' }, ports: tcp(1017, 27017) } },
    };
    // carts to 1017 as well.
    expect(corrections('shop/carts > shop/carts-db 27017', intoDb(peer), two)).to.deep.equal([
      ['selector', 'db', 'podSelector', ['ingress', 2], 'app=cart', 'app=carts', 1, 0],
    ]);
  });

  it('of the namespaces of a peer', () => {
    const probe = 'ops/grafana > shop/carts-db 27017';
    const inNamespace = (label: string) =>
      `{namespaceSelector: {matchLabels: {${label}}}, podSelector: {matchLabels: {app: grafana}}}`;
    for (const [label, was, is] of [
      ['team: opps', 'team=opps', 'team=ops'],
      ['kubernetes.io/metadata.name: op', 'kubernetes.io/metadata.name=op', 'kubernetes.io/metadata.name=ops'],
      ['name: ops', 'name=ops', 'kubernetes.io/metadata.name=ops'],
    ] as const)
      expect(corrections(probe, intoDb(inNamespace(label))), was).to.deep.equal([
        ['selector', 'db', 'namespaceSelector', ['ingress', 2], was, is, 0, 0],
      ]);
  });

  it('instead of giving the pod the label that is misspelt', () => {
    const kinds = advised('shop/carts > shop/carts-db 27017', intoDb(pods('app: cart'))).map(([kind]) => kind);
    expect(kinds).to.deep.equal(['selector', 'rule']);
  });

  it('after a narrower change, if it opens more than was asked', () => {
    const kinds = advised(
      'ops/grafana > shop/carts-db 27017',
      intoDb('{namespaceSelector: {matchLabels: {team: opps}}}'),
    );
    expect(kinds.map(([kind]) => kind)).to.deep.equal(['rule', 'selector']);
  });

  it('but none that another pod has as it is written', () => {
    const other = { ...cast, pods: { ...cast.pods, 'shop/cart': { labels: { app: 'cart' } } } };
    expect(corrections('shop/carts > shop/carts-db 27017', intoDb(pods('app: cart')), other)).to.deep.equal([]);
  });

  it('nor a label that other pods are out of reach with', () => {
    const other = { ...cast, pods: { ...cast.pods, 'ops/cart': { labels: { app: 'cart' } } } };
    expect(corrections('shop/carts > shop/carts-db 27017', intoDb(pods('app: cart')), other)).to.have.length(1);
  });

  it('nor one that is further off, a number, a short word, or one of two that are missing', () => {
    for (const labels of [
      'app: cash',
      'app: card',
      'version: v2',
      'app: carts, tier: data',
      'app: grafana',
      'ab: carts',
    ])
      expect(corrections('shop/carts > shop/carts-db 27017', intoDb(pods(labels))), labels).to.deep.equal([]);
    const short = { ...cast, pods: { ...cast.pods, 'shop/carts': { labels: { app: 'ui' } } } };
    for (const labels of ['app: ux', 'app: u'])
      expect(corrections('shop/carts > shop/carts-db 27017', intoDb(pods(labels)), short), labels).to.deep.equal([]);
    const three = { ...cast, pods: { ...cast.pods, 'shop/carts': { labels: { app: 'api' } } } };
    expect(corrections('shop/carts > shop/carts-db 27017', intoDb(pods('app: app')), three)).to.deep.equal([]);
  });

  it('nor one whose rule has other ports, or none for the direction', () => {
    const wrongPort =
      '{podSelector: {matchLabels: {app: carts-db}}, ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}], ports: [{port: 1}]}]}';
    expect(corrections('shop/carts > shop/carts-db 27017', { 'shop/db': wrongPort })).to.deep.equal([]);
    const egressOnly = {
      ...deny,
      'shop/cart': '{podSelector: {matchLabels: {app: cart}}, policyTypes: [Egress], egress: [{}]}',
    };
    expect(corrections('shop/front-end > shop/carts 80', egressOnly)).to.deep.equal([]);
  });
});
