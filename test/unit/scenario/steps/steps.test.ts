import { expect } from 'chai';
import { podsOf, type Scenario, type Step } from '../../../../src/scenario/index.ts';
import { load, policy } from '../temporary-folder.ts';

const HEAD = `namespaces:
  prod:
    labels: {environment: prod}
    pods:
      web: {labels: {app: web}, ports: [80]}
      client: {labels: {app: client}}
policies: [now/**]
expect: {default: allow, rules: [{deny: {from: prod/client}}]}
`;

const isolating = (name: string, app: string): string =>
  policy(name, 'prod').replace('podSelector: {}', `podSelector: {matchLabels: {app: ${app}}}`);

const FILES = { 'now/deny.yaml': isolating('deny', 'web') };

const loaded = async (steps: string, files: Readonly<Record<string, string>> = {}): Promise<Scenario['steps']> => {
  const [scenario] = await load({ 'scenario.yaml': `${HEAD}steps:\n${steps}`, ...FILES, ...files });
  return scenario?.steps ?? expect.fail('no scenario');
};

const policiesIn = ({ policies }: Step): readonly string[] =>
  policies.map(({ namespace, name, file }) => `${namespace}/${name} ${file.replace(/^.*\/(?=now|then)/, '')}`);
const podsIn = ({ topology }: Step): readonly string[] => podsOf(topology).map(({ endpoint }) => endpoint);
const labelsIn = ({ topology }: Step, endpoint: string) =>
  podsOf(topology).find((pod) => pod.endpoint === endpoint)?.labels;
const expectedIn = ({ expected }: Step): readonly string[] =>
  Array.isArray(expected)
    ? expected.map(({ from, to, expectation }) => `${from} > ${to} ${expectation}`)
    : [String(expected)];

describe('the steps of scenario.yaml', () => {
  it('follow the state at the start, which is the file as a whole', async () => {
    const steps = await loaded('  - {name: open, delete: [NetworkPolicy/prod/deny]}\n');
    expect(steps.map(({ name, path }) => ({ name, path }))).to.deep.equal([
      { name: 'start', path: [] },
      { name: 'open', path: ['steps', 0] },
    ]);
    expect(steps.map(policiesIn)).to.deep.equal([['prod/deny now/deny.yaml'], []]);
  });

  it('may be expected to be enforced in time', async () => {
    const steps = await loaded(
      [
        '  - {delete: [NetworkPolicy/prod/deny], enforceWithin: 2s}',
        '  - {apply: [now], enforceWithin: 250ms}',
        '  - {delete: [now]}',
        '',
      ].join('\n'),
    );
    expect(steps.map(({ withinMs }) => withinMs)).to.deep.equal([undefined, 2_000, 250, undefined]);
  });

  it('may follow connections, by numbers and names of ports', async () => {
    const steps = await loaded(
      [
        '  - delete: [NetworkPolicy/prod/deny]',
        '    established:',
        '      - {from: prod/client, to: prod/web, port: 80}',
        '  - apply: [now]',
        '    established:',
        '      - {from: prod/client, to: prod/web, port: 80/TCP, expect: stops, within: 500ms, for: 5s}',
        '',
      ].join('\n'),
    );
    const connection = { from: 'prod/client', to: 'prod/web', port: 80, protocol: 'TCP' };
    expect(steps.map(({ established }) => established)).to.deep.equal([
      undefined,
      [{ ...connection, expected: null, forMs: 2_000 }],
      [{ ...connection, expected: 'stops', withinMs: 500, forMs: 5_000 }],
    ]);
  });

  it('delete the policies that files hold, or that they name', async () => {
    const files = { 'now/other.yaml': isolating('other', 'client') };
    const [, first, second] = await loaded(
      '  - delete: [now/deny.yaml]\n  - delete: [NetworkPolicy/prod/other]\n',
      files,
    );
    expect(first && policiesIn(first)).to.deep.equal(['prod/other now/other.yaml']);
    expect(second?.policies).to.deep.equal([]);
  });

  it('apply policies beside those in force, and in the place of those with their names', async () => {
    const files = { 'then/deny.yaml': isolating('deny', 'client'), 'then/new.yaml': isolating('new', 'web') };
    const [, second] = await loaded('  - apply: [then]\n', files);
    expect(second && policiesIn(second)).to.deep.equal(['prod/deny then/deny.yaml', 'prod/new then/new.yaml']);
  });

  it('keep what they do not change', async () => {
    const steps = await loaded('  - label: {prod/web: {tier: one}}\n  - label: {prod/web: {tier: two}}\n');
    expect(steps.map(policiesIn)).to.deep.equal(Array(3).fill(['prod/deny now/deny.yaml']));
    expect(steps.map((step) => labelsIn(step, 'prod/client'))).to.deep.equal(Array(3).fill({ app: 'client' }));
  });

  it('set and remove labels of pods and namespaces', async () => {
    const [before, after] = await loaded(
      '  - label: {prod/web: {app: null, tier: front}, "namespace:prod": {environment: qa}}\n',
    );
    expect(after && labelsIn(after, 'prod/web')).to.deep.equal({ tier: 'front' });
    expect(after?.topology.namespaces[0]?.labels).to.deep.equal({ environment: 'qa' });
    expect(before.topology.namespaces[0]?.labels).to.deep.equal({ environment: 'prod' });
  });

  it('create pods in namespaces that are there and in new ones', async () => {
    const [, after] = await loaded(
      '  - create: {namespaces: {prod: {pods: {late: {labels: {app: late}, replicas: 2}}}, dev: {labels: {a: b}, pods: {x: {}}}, qa: {}}}\n',
    );
    expect(after && podsIn(after)).to.deep.equal(['prod/web', 'prod/client', 'prod/late-1', 'prod/late-2', 'dev/x']);
    expect(after?.topology.namespaces.map(({ name, labels }) => [name, labels])).to.deep.equal([
      ['prod', { environment: 'prod' }],
      ['dev', { a: 'b' }],
      ['qa', {}],
    ]);
  });

  it('remove pods, and namespaces with the policies that are in them', async () => {
    const dev = '  - create: {namespaces: {dev: {pods: {x: {}, y: {}}}}}\n    apply: [then]\n';
    const [, , fewer, gone] = await loaded(`${dev}  - remove: [dev/x]\n  - remove: ['namespace:dev']\n`, {
      'then/own.yaml': policy('own', 'dev'),
    });
    expect(fewer && podsIn(fewer)).to.deep.equal(['prod/web', 'prod/client', 'dev/y']);
    expect(fewer && policiesIn(fewer)).to.include('dev/own then/own.yaml');
    expect(gone && podsIn(gone)).to.deep.equal(['prod/web', 'prod/client']);
    expect(gone && policiesIn(gone)).to.deep.equal(['prod/deny now/deny.yaml']);
  });

  it('give the address of a pod that they remove to one that they create', async () => {
    const [, , after] = await loaded(
      '  - create: {namespaces: {prod: {pods: {old: {address: 10.0.0.9}}}}}\n' +
        '  - remove: [prod/old]\n    create: {namespaces: {prod: {pods: {new: {address: 10.0.0.9}}}}}\n',
    );
    const pods =
      after && podsOf(after.topology).flatMap(({ name, addresses = [] }) => addresses.map((one) => [name, one]));
    expect(pods).to.deep.equal([['new', '10.0.0.9']]);
  });

  it('bring the namespace default, if a policy lands there', async () => {
    const [before, after] = await loaded('  - apply: [then]\n', { 'then/p.yaml': policy('p') });
    expect(before.topology.namespaces.map(({ name }) => name)).to.deep.equal(['prod']);
    expect(after?.topology.namespaces.map(({ name }) => name)).to.deep.equal(['prod', 'default']);
  });

  it('are named after what they change, unless they say otherwise', async () => {
    const steps = await loaded(
      [
        '  - {apply: [then/deny.yaml], remove: [prod/client], expect: model}',
        '  - {name: once more, label: {prod/web: {a: b}}}',
        "  - {label: {prod/web: {a: c}, 'namespace:prod': {d: e}}}",
        '  - create: {namespaces: {dev: {}, qa: {pods: {x: {}, y: {}}}}}',
        `  - label: {${['a', 'b', 'c'].map((one) => `'namespace:prod-with-a-long-name-${one}': {x: y}`).join(', ')}}`,
        '',
      ]
        .slice(0, 4)
        .join('\n'),
      { 'then/deny.yaml': isolating('deny', 'client') },
    );
    expect(steps.map(({ name }) => name)).to.deep.equal([
      'start',
      'remove prod/client, apply then/deny.yaml',
      'once more',
      'label prod/web namespace:prod',
      'create namespace:dev qa/x qa/y',
    ]);
  });

  it('have their notes, as all manifests of the scenario', async () => {
    const text = `${HEAD}steps:\n  - apply: [then]\n`;
    const then = `${isolating('new', 'web')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n`;
    const [scenario] = await load({ 'scenario.yaml': text, ...FILES, 'then/new.yaml': then });
    expect(scenario?.notes?.map(({ kind }) => kind)).to.deep.equal(['not-read']);
  });
});

describe('what a step expects', () => {
  const grid = (mark: string, indent = '  '): string =>
    [
      'grid: |2',
      `${indent}            prod/web`,
      `${indent}            80/TCP`,
      `${indent}prod/web    #`,
      `${indent}prod/client ${mark}`,
      '',
    ].join('\n');
  const withGrid = `${HEAD.replace(/expect: .*\n/, '')}expect:\n  ${grid('X', '    ')}`;
  const stepsOf = async (text: string) => (await load({ 'scenario.yaml': text, ...FILES }))[0]?.steps ?? expect.fail();

  it('is its own, whatever was expected before', async () => {
    const steps = await loaded(
      '  - delete: [now]\n    expect: {default: allow}\n  - label: {prod/web: {a: b}}\n    expect: model\n',
    );
    expect(steps.map(expectedIn)).to.deep.equal([
      ['prod/client > prod/web deny'],
      ['prod/client > prod/web allow'],
      ['model'],
    ]);
    expect(steps.map(({ form }) => form)).to.deep.equal(['rules', 'rules', 'model']);
  });

  it('is what was expected before, if it says nothing: rules, for the pods that there are now', async () => {
    const [, after, last] = await loaded('  - create: {namespaces: {prod: {pods: {late: {}}}}}\n  - delete: [now]\n');
    const all = ['prod/client > prod/web deny', 'prod/late > prod/web allow'];
    expect(after && expectedIn(after)).to.deep.equal(all);
    expect(last?.expected).to.equal(after?.expected);
  });

  it('follows the labels that its rules name', async () => {
    const rules = 'expect: {default: allow, rules: [{deny: {from: {labels: {role: bad}}}}]}\n';
    const steps = await stepsOf(
      `${HEAD.replace(/expect: .*\n/, rules).replace('{app: client}', '{role: bad}')}steps:\n  - label: {prod/client: {role: good}, prod/web: {role: bad}}\n    expect: {default: deny, rules: [{allow: {from: {labels: {role: good}}}}]}\n`,
    );
    expect(steps.map(expectedIn)).to.deep.equal([['prod/client > prod/web deny'], ['prod/client > prod/web allow']]);
  });

  it('is the word model again', async () => {
    const steps = await stepsOf(
      `${HEAD.replace(/expect: .*\n/, 'expect: model\n')}steps:\n  - remove: [prod/client]\n`,
    );
    expect(steps.map(({ form }) => form)).to.deep.equal(['model', 'model']);
  });

  it('is the same grid, as long as that fits', async () => {
    const steps = await stepsOf(
      `${withGrid}steps:\n  - label: {prod/web: {a: b}}\n  - create: {namespaces: {prod: {pods: {late: {}}}}}\n  - delete: [now]\n`,
    );
    expect(steps.map(expectedIn)).to.deep.equal([
      ['prod/client > prod/web deny'],
      ['prod/client > prod/web deny'],
      ['null'],
      ['null'],
    ]);
    expect(steps.map(({ form }) => form)).to.deep.equal(['grid', 'grid', null, null]);
  });

  it('may be a grid of its own', async () => {
    const steps = await stepsOf(`${HEAD}steps:\n  - delete: [now]\n    expect:\n      ${grid('.', '        ')}`);
    expect(steps.map(expectedIn)).to.deep.equal([['prod/client > prod/web deny'], ['prod/client > prod/web allow']]);
  });
});
