import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { compare } from '../../../../src/commands/compare/compare.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';
import { answer, both, deny, pod, pods, podsLike, refusal, toWeb } from './fixture.ts';

describe('compare, the command', () => {
  it('says which cells a mended label opens, and by which rule', async () => {
    const { code, text } = await answer(both(deny + toWeb(podsLike('clinet')), deny + toWeb(podsLike('client'))));
    expect(code).to.equal(0);
    expect(text).to.equal(`1 cell opened: before → after (predicted)
changed  after
  1 opened, 3 unchanged

  opened: 1 cell
    now allowed by ingress rule 1 of prod/web (after/policies.yaml:15)
      prod/client -> prod/web 80/TCP

  changed policy prod/web (after/policies.yaml:9)

`);
  });

  it('warns of what the change makes suspicious, and not of what was so before', async () => {
    const [right, wrong] = [toWeb(podsLike('client')), toWeb(podsLike('clinet'))];
    const warned = async (before: string, after: string) => (await answer(both(before, after))).notes;
    expect(await warned(deny + right, deny + wrong)).to.deep.equal([
      'new warning: after/policies.yaml:15:28: podSelector app=clinet selects no pod of namespace prod; the nearest label is app=client (prod/client) (peer-selects-nothing)',
    ]);
    expect(await warned(deny + wrong, wrong + deny)).to.deep.equal([]);
    expect(await warned(deny + wrong, deny + right)).to.deep.equal([]);
  });

  it('warns of a policy that selects no pod any more because the pods have another label', async () => {
    const one = toWeb(podsLike('client'));
    const files = { ...both(one, one), 'after/pods.yaml': pods.replace('{app: web}', '{app: shop}') };
    expect((await answer(files)).notes).to.have.length(1);
  });

  it('says which cells a default deny closes, and names pods once that are alike', async () => {
    const { text } = await answer(both(toWeb(podsLike('client')), toWeb(podsLike('client')) + deny));
    expect(text).to.equal(`2 cells closed: before → after (predicted)
changed  after
  2 closed, 2 unchanged

  closed: 2 cells
    isolated for ingress by prod/deny (after/policies.yaml:10)
      prod/web, prod/client -> prod/api 80/TCP (2 cells)

  new policy prod/deny (after/policies.yaml:10)

`);
  });

  it('says of a dropped rule which one it was, on the side where it was', async () => {
    const rule = `\n    - from: [{${podsLike('client')}}]`;
    const { text } = await answer(both(deny + toWeb(podsLike('api'), rule), deny + toWeb(podsLike('api'))));
    expect(text).to.include(`  closed: 1 cell
    no longer allowed by ingress rule 2 of prod/web (before/policies.yaml:16, now after/policies.yaml:9)
      prod/client -> prod/web 80/TCP
`);
  });

  it('names policies that change nothing, and not those that only have another name or place', async () => {
    const idle = toWeb(podsLike('nobody')).replace('name: web', 'name: idle').replace('app: web', 'app: nobody');
    const { text } = await answer({
      ...both(deny + toWeb(podsLike('client')), idle),
      'after/renamed.yaml': deny.replace('name: deny', 'name: default-deny'),
      'after/moved.yaml': toWeb(podsLike('client')),
    });
    expect(text).to.equal(`no cell opened or closed: before → after (predicted)
same  after
  4 unchanged

  new policy prod/idle (after/policies.yaml:2) changes nothing: it selects no pod

`);
  });

  it('names a policy that selects pods and yet changes nothing', async () => {
    const again = toWeb(podsLike('client')).replace('name: web', 'name: again');
    const one = deny + toWeb(podsLike('client'));
    const { text } = await answer(both(one, one + again));
    expect(text).to.include('new policy prod/again (after/policies.yaml:17) changes nothing about any cell');
  });

  it('says so too of one that makes a difference only where nothing is defined: to a pod through its own Service', async () => {
    const service = `---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: prod}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;
    const [one, again] = [toWeb(podsLike('client')), toWeb(podsLike('nobody')).replace('name: web', 'name: again')];
    const { text } = await answer({ ...both(one, one + again), 'before/svc.yaml': service, 'after/svc.yaml': service });

    expect(text).to.include('  1 affected but undecided before and after');
    expect(text).to.include('new policy prod/again (after/policies.yaml:10) changes nothing about any cell');
  });

  it('says of a policy whose rule was edited where that is now, and of several that isolate all in one', async () => {
    const edited = await answer(both(toWeb(podsLike('client')), toWeb(podsLike('clinet'))));
    expect(edited.text).to.include(
      'no longer allowed by ingress rule 1 of prod/web (before/policies.yaml:8, now after/policies.yaml:8)\n',
    );
    const isolated = await answer(both('', deny + toWeb(podsLike('nobody'))));
    expect(isolated.text).to.include(
      'isolated for ingress by prod/deny (after/policies.yaml:2) and prod/web (after/policies.yaml:9)\n',
    );
  });

  it('names the file of its own side for a policy that both sides have in files with the same text', async () => {
    const policy = toWeb(podsLike('client'));
    const { text } = await answer({
      'before/pods.yaml': pods,
      'before/policy.yaml': policy,
      'after/pods.yaml': pods.replace('{app: client}', '{app: guest}'),
      'after/policy.yaml': policy,
    });
    expect(text).to.include(
      'no longer allowed by ingress rule 1 of prod/web (before/policy.yaml:8, now after/policy.yaml:8)\n',
    );
  });

  it('says which pods and ports are new or gone, and counts their cells apart', async () => {
    const files = { ...both(deny, deny), 'after/pods.yaml': pods + pod('db', 'db', '[{containerPort: 5432}]') };
    const { text } = await answer(files);
    expect(text).to.equal(`5 cells new: before → after (predicted)
same  after
  5 new, 4 unchanged

  new: 5 cells
    blocked
      prod/web, prod/api, prod/client -> prod/db 5432/TCP (3 cells)
      prod/db -> prod/web, prod/api 80/TCP (2 cells)

  new: prod/db

`);
  });

  it('lists what nothing decides, and whether the change may matter there', async () => {
    const block = (cidr: string) => toWeb(`ipBlock: {cidr: ${cidr}}`);
    const same = await answer(both(block('10.0.0.0/8'), block('10.0.0.0/8')));
    expect(same.text).to.include('same  after\n  2 undecided but not affected, 2 unchanged');
    const other = await answer(both(block('10.0.0.0/8'), block('10.0.0.0/9')), { forbid: ['opened'] });
    expect(other.text).to.include(`  affected but undecided before and after: 2 cells
    it depends on an address that is not known
      prod/api, prod/client -> prod/web 80/TCP (2 cells)
`);
    expect(other.code).to.equal(2);
    expect(other.text).to.include('error: 2 cells may be opened, which is forbidden\n');
  });

  it('adds what both sides share', async () => {
    const files = { 'before/a.yaml': deny, 'after/a.yaml': deny + toWeb(podsLike('client')), 'apps/pods.yaml': pods };
    expect(await refusal(files)).to.match(/no pods/);
    // A single pair is called by what is compared, not by what is the same.
    expect((await answer(files, { with: ['apps'] })).text).to.include('\nchanged  after\n  1 opened, 3 unchanged');
  });

  it('compares scenarios by their names, and says which exist on one side only', async () => {
    const scenario = 'namespaces: {prod: {pods: {web: {ports: [80]}, client: {}}}}\npolicies: [p.yaml]\n';
    const files = {
      ...{ 'before/one/scenario.yaml': scenario, 'before/one/p.yaml': deny },
      ...{ 'before/two/scenario.yaml': scenario, 'before/two/p.yaml': deny },
      ...{ 'after/two/scenario.yaml': scenario, 'after/two/p.yaml': toWeb(podsLike('nobody')) },
      ...{ 'after/three/scenario.yaml': scenario, 'after/three/p.yaml': deny },
    };
    const { text } = await answer(files);
    expect(text).to.include('changed  two\n  1 opened, 0 unchanged\n');
    expect(text).to.include('1 scenario only after the change: three\n1 scenario only before the change: one\n');
  });

  it('gives all of it to machines', async () => {
    const { text } = await answer(both(deny, deny + toWeb(podsLike('client'))), { reporter: ['json'] });
    const report = JSON.parse(text);
    expect(report.schema).to.equal('podreach/compare/v1');
    expect(report.comparisons).to.have.lengthOf(1);
    const place = (line: number, column: number) => ({ file: 'after/policies.yaml', line, column });
    expect(report.comparisons[0]).to.deep.include({
      counts: {
        ...{ opened: 1, closed: 0, 'may-open': 0, 'may-close': 0, 'may-differ': 0, added: 0, removed: 0 },
        ...{ undecided: 0, unchanged: 3 },
      },
      policies: [{ name: 'prod/web', change: 'added', place: place(9, 1) }],
      ends: [],
      groups: [
        {
          ...{ change: 'opened', before: 'deny', after: 'allow', cells: 1, wanted: false },
          ...{ from: ['prod/client'], to: ['prod/web'], ports: [{ number: 80, protocol: 'TCP' }] },
          causes: [{ effect: 'allows', direction: 'ingress', policy: 'prod/web', rule: 1, place: place(15, 7) }],
        },
      ],
    });
  });

  it('writes several reports at once', () =>
    withFiles(both(deny, deny), async (folder) => {
      const terminal = fakeTerminal();
      const file = join(folder, 'compare.json');
      await writeFile(file, 'old');
      await compare(
        [join(folder, 'before'), join(folder, 'after')],
        { reporter: ['terminal', `json=${file}`] },
        terminal,
      );
      expect(terminal.printed()).to.include('same  after\n  4 unchanged');
    }));
});
