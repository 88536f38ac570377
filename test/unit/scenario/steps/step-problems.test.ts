import { tmpdir } from 'node:os';
import { relative } from 'node:path';
import { expect } from 'chai';
import { LIMITS } from '../../../../src/scenario/limits.ts';
import { policy, refusal } from '../temporary-folder.ts';

const HEAD = [
  'namespaces:',
  '  prod:',
  '    labels: {env: prod}',
  '    pods: {web: {labels: {app: web}, ports: [80], address: 10.0.0.1}, api: {ports: [80]}}',
  'hosts: {office: {address: 172.17.5.10}}',
  'nodes: {own: {with: prod/api}}',
  'services: {prod/web: {port: 80, dns: true}}',
  'policies: [now/**]',
  'expect: {default: allow, rules: [{deny: {to: prod/web}}]}',
  'steps:',
  '',
].join('\n');
const FILES = {
  'now/deny.yaml': policy('deny', 'prod'),
  'then/new.yaml': policy('new', 'prod'),
  'then/lost.yaml': policy('lost', 'prd'),
};

/** Each is written from line 11 on; the places are in scenario.yaml unless a file is named. */
const wrong: Readonly<Record<string, readonly [steps: string, ...lines: readonly string[]]>> = {
  'no steps': ['  []', '11:3: expected at least one step'],
  'a step that changes nothing': [
    '  - {name: idle}',
    '11:5: this step changes nothing: expected delete, remove, create, label or apply',
  ],
  'a key that no step has': [
    '  - {aply: [then/new.yaml]}',
    '11:6: unknown key "aply"; the nearest valid key is "apply"',
  ],
  'times that are none, or of new pods': [
    [
      '  - {delete: [NetworkPolicy/prod/deny], enforceWithin: 2}',
      '  - {apply: [now], enforceWithin: 0s}',
      '  - {label: {prod/web: {a: b}}, enforceWithin: 601s}',
      '  - {create: {namespaces: {prod: {pods: {late: {}}}}}, enforceWithin: 2s}',
    ].join('\n'),
    '11:56: expected a string, got the number 2: quote it',
    '12:35: invalid duration "0s": a whole number of ms or s, for example 500ms or 2s',
    '13:48: expected at most 10 minutes',
    '14:71: a step that creates pods or namespaces is not timed: create them in the step before, and change policies or labels here',
  ],
  'connections that are none, or of pods that come and go': [
    [
      '  - {delete: [now], established: []}',
      '  - {apply: [now], established: [{from: prod/api, to: prod/web, port: 80, within: 2s}]}',
      '  - {create: {namespaces: {dev: {}}}, established: [{from: prod/api, to: prod/web, port: 80}]}',
      '  - {delete: [now], established: [{from: prod/api, to: prod/web, port: 80, expect: dies, for: 1h}]}',
    ].join('\n'),
    '11:34: expected at least one connection',
    '12:83: within needs expect: within what?',
    '13:52: connections are followed only while all pods stay: create and remove pods in another step, and change policies or labels here',
    '14:84: expected flows or stops or stalls or resets, got the string "dies"; the nearest valid word is "flows"',
    '14:95: invalid duration "1h": a whole number of ms or s, for example 500ms or 2s',
  ],
  "connections that can't be followed": [
    [
      '  - delete: [now]',
      '    established:',
      '      - {from: prod/apy, to: prod/web, port: 80}',
      '      - {from: svc:prod/web, to: prod/web, port: 80}',
      '      - {from: prod/api, to: dns:prod/web, port: 80}',
      '      - {from: prod/api, to: prod/web, port: 53/UDP}',
      '      - {from: prod/api, to: prod/api, port: 80}',
      '      - {from: prod/api, to: prod/web, port: 80}',
      '      - {from: prod/api, to: prod/web, port: 80/TCP}',
    ].join('\n'),
    '13:16: "prod/apy" is not an endpoint; the nearest valid endpoint is "prod/api"',
    '14:16: no connection starts from "svc:prod/web"; the nearest valid endpoint is "prod/web"',
    `15:30: a connection to "dns:prod/web" can't be followed: a name is looked up anew each time; the nearest valid endpoint is "svc:prod/web"`,
    '16:46: prod/web has no port "53/UDP"; the nearest valid port is "80/TCP"',
    '17:30: no policy concerns a connection of a pod to itself',
    '19:46: duplicate connection prod/api > prod/web 80/TCP',
  ],
  'starts that are none': [
    [
      '  - {create: {namespaces: {prod: {pods: {late: {}}}}}, starts: 0}',
      '  - {apply: [then/new.yaml], starts: 20}',
      '  - {label: {prod/web: {a: b}}, openAtMost: 0ms}',
      '  - {create: {namespaces: {prod: {pods: {late: {}}}}}, starts: 2, closedAtMost: 1m}',
    ].join('\n'),
    '11:64: invalid number of starts 0: 1 to 200',
    '12:38: starts needs pods under create: pods like those are started',
    '13:45: openAtMost needs the key starts, such as starts: 20',
    '14:81: invalid duration "1m": a whole number of ms or s, for example 500ms or 2s',
  ],
  'starts of no pod with a network of its own, or too many': [
    [
      '  - {create: {namespaces: {new: {}}}, starts: 1}',
      '  - {create: {namespaces: {prod: {pods: {late: {hostNetwork: true}}}}}, starts: 1}',
      '  - {create: {namespaces: {prod: {pods: {last: {replicas: 3}}}}}, starts: 67}',
    ].join('\n'),
    '11:47: this step creates no pod with a network of its own',
    '12:81: this step creates no pod with a network of its own',
    '13:75: 201 starts of 3 pods: at most 200',
  ],
  'empty changes': [
    '  - {apply: [], delete: [], remove: [], label: {}, create: {namespaces: {}}}',
    '11:13: expected at least one file pattern',
    '11:25: expected at least one policy',
    '11:37: expected at least one pod or namespace',
    '11:48: expected at least one pod or namespace',
    '11:73: expected at least one namespace',
  ],
  'a name that two steps have, or that the start has': [
    '  - {name: a, apply: [then/new.yaml]}\n  - {name: a, delete: [then/new.yaml]}\n  - {name: start, delete: [now]}',
    '12:12: duplicate step "a"',
    '13:12: duplicate step "start"',
  ],
  'policies that are not in force': [
    '  - {delete: [NetworkPolicy/prod/dney, then/new.yaml]}',
    '11:15: "NetworkPolicy/prod/dney" is not in force before this step; the nearest valid policy is "NetworkPolicy/prod/deny"',
    '11:40: policy prod/new (then/new.yaml:1) is not in force before this step',
  ],
  'a policy that an earlier step deleted': [
    '  - {delete: [now/deny.yaml]}\n  - {delete: [now/deny.yaml]}',
    '12:15: policy prod/deny (now/deny.yaml:1) is not in force before this step',
  ],
  'files that are not there': [
    '  - {delete: [gone.yaml], apply: [gone/**]}',
    '11:15: no file matches "gone.yaml"',
    '11:35: no manifest (.yaml, .yml or .json) matches "gone/**"',
  ],
  'files outside the repository': [
    '  - {apply: [../../etc/passwd]}',
    `11:14: outside the scenario's repository: podreach reads only what is in ${relative('', tmpdir())}`,
  ],
  'a policy that is in force as it is': [
    '  - {apply: [now/deny.yaml]}',
    '11:13: this changes nothing: all these policies are in force before this step',
  ],
  'a policy of a namespace that is not there': [
    '  - {apply: [then/lost.yaml]}',
    'then/lost.yaml:3:35: the scenario has no namespace "prd"; the nearest valid namespace is "prod"',
  ],
  'pods and namespaces that are not there': [
    "  - {remove: [prod/wbe, 'namespace:dev', 'host:office'], label: {prod/wbe: {a: b}}}",
    '11:15: there is no pod or namespace "prod/wbe" in this step; the nearest valid name is "prod/web"',
    '11:25: there is no pod or namespace "namespace:dev" in this step; the nearest valid name is "namespace:prod"',
    '11:42: there is no pod or namespace "host:office" in this step; the nearest valid name is "prod/web"',
    '11:76: there is no pod or namespace "prod/wbe" in this step; the nearest valid name is "prod/web"',
  ],
  'what other parts depend on': [
    "  - {remove: [prod/api, prod/web, prod/web], expect: model}\n  - {remove: ['namespace:prod']}",
    '11:5: this step changes the pods behind the Service prod/web, which no step can do yet',
    '11:15: prod/api has to stay: it says which node node:own is',
    '11:35: duplicate prod/web',
    '12:15: prod/api has to stay: it says which node node:own is',
  ],
  'labels that change nothing, or belong to Kubernetes': [
    "  - label:\n      prod/web: {app: web, tier: null}\n      'namespace:prod': {kubernetes.io/metadata.name: x}",
    '12:23: prod/web has app=web already',
    '12:34: prod/web has no label "tier" to remove',
    '13:55: Kubernetes sets kubernetes.io/metadata.name and keeps it',
  ],
  'labels that are none': [
    '  - {label: {prod/web: {podreach/run: x, a b: c, d: 5, e: []}}}',
    '11:25: invalid label key "podreach/run": podreach/ is reserved for podreach\'s own labels',
    '11:42: invalid label key "a b": [prefix/]name, the name at most 63 letters, digits, "-", "_" and "."',
    '11:53: expected a string, got the number 5: quote it',
    '11:59: expected a string, got a list',
  ],
  'what is there already': [
    '  - create:\n      namespaces:\n        prod: {labels: {a: b}, pods: {web: {}, late: {address: 10.0.0.1}}}\n  - create: {namespaces: {prod: {}}}',
    '13:16: namespace:prod is there already: change its labels with `label`',
    '13:39: prod/web is there already',
    '13:55: duplicate address 10.0.0.1: prod/web has it in this step',
    '14:27: namespace:prod is there already',
  ],
  'what is removed and created at once': [
    "  - {create: {namespaces: {dev: {pods: {x: {}}}}}}\n  - {remove: [dev/x], create: {namespaces: {dev: {pods: {x: {}}}}}}\n  - {remove: ['namespace:dev'], create: {namespaces: {dev: {}}}}",
    '12:58: dev/x is removed in the same step: create it in a later one',
    '13:55: namespace:dev is removed in the same step: create it in a later one',
  ],
  "pods that can't be": [
    '  - {create: {namespaces: {prod: {pods: {x: {ports: [80, 80]}, y: {hostNetwork: true, ports: [80]}, z: {prts: []}}}}}}',
    '11:105: unknown key "prts"; the nearest valid key is "ports"',
  ],
  "ports that can't be": [
    '  - {create: {namespaces: {prod: {pods: {x: {ports: [80, 80]}}}}}}',
    '11:58: duplicate port 80/TCP',
  ],
  'a rule that names what was removed': [
    '  - {create: {namespaces: {dev: {pods: {x: {}}}}}, expect: {default: allow, rules: [{deny: {from: dev/x}}]}}\n  - {name: less, remove: [dev/x]}',
    '11:99: "dev/x" matches no endpoint; the nearest valid endpoint is "*/*" (in the step less, which keeps this expectation)',
  ],
  'a grid of other pods': [
    '  - delete: [now]\n    expect:\n      grid: |2\n                  prod/wbe\n                  80/TCP\n        prod/api  .',
    '14:19: unknown destination "prod/wbe"; the nearest valid endpoint is "prod/web"',
    '16:9: missing row host:office',
    '16:9: missing row node:own',
    '16:9: missing row prod/web',
  ],
  'too many steps': [
    Array(LIMITS.steps + 1)
      .fill('  - {delete: [now]}')
      .join('\n'),
    `11:3: 101 steps: at most 100 in a scenario`,
  ],
};

describe('the problems of steps', () => {
  for (const [what, [steps, ...lines]] of Object.entries(wrong))
    it(`report ${what}`, async () => {
      const told = await refusal({ 'scenario.yaml': `${HEAD}${steps}\n`, ...FILES });
      expect(told.lines).to.deep.equal(lines.map((line) => (/^\d/.test(line) ? `scenario.yaml:${line}` : line)));
    });

  it('report more labels than a pod may have', async () => {
    const labels = Array.from({ length: LIMITS.labels }, (_, at) => `k${at}: v`).join(', ');
    const { lines } = await refusal({
      'scenario.yaml': `${HEAD}  - {label: {prod/api: {${labels}, one: more}}}\n`,
      ...FILES,
    });
    expect(lines).to.deep.equal(['scenario.yaml:11:24: 101 labels: at most 100']);
  });

  it('say where to keep the policies of steps', async () => {
    const { hint } = await refusal({ 'scenario.yaml': `${HEAD}  - {apply: [now]}\n`, ...FILES });
    expect(hint).to.contain('outside policies/');
  });

  it('count all steps together, because each is a world of its own', async () => {
    const pods = Array.from({ length: 100 }, (_, at) => `p${at}: {}`).join(', ');
    const head = `namespaces: {prod: {pods: {${pods}}}}\npolicies: []\nsteps:\n`;
    const steps = Array.from({ length: 20 }, (_, at) => `  - label: {prod/p0: {a: v${at}}}\n`).join('');
    const { lines } = await refusal({ 'scenario.yaml': `${head}${steps}` });
    expect(lines).to.deep.equal(['scenario.yaml:23:5: 2100 pods in all steps: at most 2000']);
  });
});
