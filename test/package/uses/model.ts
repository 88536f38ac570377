/** What policies mean, by `podreach/model`, as a user's program asks it. */
import {
  advise,
  changesBetween,
  compile,
  decide,
  explain,
  explainProbe,
  isLeftOpen,
  lint,
  type Probe,
  reachability,
  readPolicies,
  readPolicy,
  type World,
  withPolicies,
} from 'podreach/model';
import { same } from './check.ts';

const world: World = {
  namespaces: [{ name: 'shop' }],
  pods: [
    { namespace: 'shop', name: 'web', labels: { app: 'web' } },
    { namespace: 'shop', name: 'db', ports: [{ number: 5432, protocol: 'TCP' }] },
  ],
  hosts: [{ name: 'office', addresses: ['172.17.5.10'] }],
  services: [{ namespace: 'shop', name: 'db', selector: {}, ports: [{ number: 80, protocol: 'TCP', target: 5432 }] }],
};
const manifest = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'db', namespace: 'shop' },
  spec: { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }] },
};
const policies = readPolicies([manifest]);
const model = compile(world, policies);
const probe: Probe = { from: 'host:office', to: 'shop/db', port: 5432, protocol: 'TCP' };

same('the decision for a host', decide(model, probe), 'deny');
same('the decision for web', decide(model, { ...probe, from: 'shop/web' }), 'allow');
same('the explanation', explain(model, probe).decision, 'deny');
same('the advice', advise({ world, policies }, probe).changes.length > 0, true);
same('the matrix', reachability(model, [{ number: 5432, protocol: 'TCP' }]).decideProbe(probe), 'deny');
same('the lint', lint(model), []);

const toService: Probe = { from: 'shop/web', to: 'svc:shop/db', port: 80, protocol: 'TCP' };
same('a Service', [decide(model, toService), isLeftOpen(model, toService)], ['allow', false]);
const { decision, backends } = explainProbe(model, toService);
same('its explanation', decision, 'allow');
same('its backends', backends, [
  { endpoint: 'shop/web', port: 5432, decision: 'allow' },
  { endpoint: 'shop/db', port: 5432, decision: 'allow' },
]);

// Without policies the office reaches db, and so does web as before.
const opened = changesBetween(model, withPolicies(model, []), [{ number: 5432, protocol: 'TCP' }]);
same(
  'what becomes open',
  opened.every(({ before, after }) => before === 'deny' && after === 'allow'),
  true,
);
same(
  'for whom',
  opened.flatMap(({ from }) => from.flatMap(({ members }) => members.map(({ name }) => name))).includes('host:office'),
  true,
);

// A misspelt key, which the API server refuses too.
const problems: string[] = [];
same(
  'a broken policy',
  readPolicy({ ...manifest, specs: {} }, ({ path }) => problems.push(path.join('.'))),
  null,
);
same('its problems', problems, ['specs']);
