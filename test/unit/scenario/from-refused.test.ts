import { expect } from 'chai';
import { app, FROM } from './from-fixture.ts';
import { withLimits } from './lower-limits.ts';
import { refusal } from './temporary-folder.ts';
import { namespace } from './workloads/objects-fixture.ts';

describe('from is refused', () => {
  const refused: Readonly<Record<string, readonly [scenario: string, ...lines: string[]]>> = {
    'where it matches nothing': [
      'from: [none/**]\n',
      's/scenario.yaml:1:8: no manifest (.yaml, .yml or .json) matches "none/**"',
    ],
    'where a file is no manifest': [
      'from: [values.yaml]\n',
      's/values.yaml:1:1: not a Kubernetes object: it has no apiVersion and no kind',
    ],
    'outside the repository': [
      'from: ../../..\n',
      `s/scenario.yaml:1:7: outside the scenario's repository: podreach reads only what is in .`,
    ],
    'with nothing in it': ['from: []\n', 's/scenario.yaml:1:7: expected at least one file pattern'],
    'if it is left out together with namespaces': ['policies: []\n', 's/scenario.yaml:1:1: missing key "namespaces"'],
  };
  for (const [what, [scenario, ...lines]] of Object.entries(refused))
    it(what, async () => {
      const files = { '.git/HEAD': '', 's/values.yaml': 'a: 1\n', 's/scenario.yaml': scenario };
      expect((await refusal(files, 's')).lines).to.deep.equal(lines);
    });

  it('for a port that scenario.yaml gives to a pod twice, at its place there', async () => {
    const scenario = `${FROM}namespaces:\n  shop:\n    pods:\n      web: {ports: [81, 81]}\n`;
    const { lines } = await refusal({ '.git/HEAD': '', ...app, 's/scenario.yaml': scenario }, 's');
    expect(lines).to.deep.equal(['s/scenario.yaml:5:25: duplicate port 81/TCP']);
  });

  it('for too many workloads, at the first of those', async () => {
    const deployment = (name: string) =>
      `---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}}, spec: {template: {spec: {}}}}\n`;
    const many = Array.from({ length: 4 }, (_, index) => deployment(`w${index}`)).join('');
    const files = { '.git/HEAD': '', 'k8s/a.yaml': many, 's/scenario.yaml': FROM };
    const { lines } = await withLimits({ pods: 3 }, () => refusal(files, 's'));
    expect(lines).to.deep.equal(['k8s/a.yaml:8:1: 4 workloads: at most 3 in a scenario']);
  });

  it('for more than all scenarios of a command may take from manifests, but tells a problem once', async () => {
    const many = Array.from({ length: 3 }, (_, index) => namespace(`n${index}`)).join('');
    const scenarios = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`s/s${index}/scenario.yaml`, 'from: ../../k8s\n']),
      );
    const files = { '.git/HEAD': '', 'k8s/a.yaml': many, ...scenarios(11) };
    const tooMany = await withLimits({ objects: 30 }, () => refusal(files, 's'));
    expect(tooMany.lines).to.deep.equal(['k8s/a.yaml:1:1: more than 30 objects that scenarios take from manifests']);
    const bad = await refusal({ '.git/HEAD': '', 'k8s/a.yaml': namespace('A'), ...scenarios(3) }, 's');
    expect(bad.lines).to.have.length(1);
  });
});
