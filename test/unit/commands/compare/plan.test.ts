import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { compare } from '../../../../src/commands/compare/compare.ts';
import { failureOf } from '../../failure-of.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const policy = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;
const DENY = policy('deny', '{podSelector: {}, policyTypes: [Ingress]}');
const ALLOW = policy('web', '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 80}]}]}');
const OLD = policy('old', '{podSelector: {matchLabels: {app: gone}}}');
const scenario = 'namespaces: {shop: {pods: {web: {labels: {app: web}, ports: [80]}, api: {}}}}\nexpect: model\n';
const files = {
  'before/scenario.yaml': scenario,
  'before/policies/old.yaml': OLD,
  'after/scenario.yaml': scenario,
  'after/policies/new.yaml': `${DENY}---\n${ALLOW}`,
  'full/file': '',
};

describe('podreach compare --plan', () => {
  it('writes numbered manifests in an order without harm, and says what the order as written would do', () =>
    withFiles(files, async (folder) => {
      const terminal = { ...fakeTerminal(), width: 200 };
      const plan = join(folder, 'plan');
      const sides = [join(folder, 'before'), join(folder, 'after')];
      const code = await compare(sides, { reporter: ['terminal'], plan }, terminal);
      expect(code).to.equal(0);
      const written = await readdir(plan);
      expect(written).to.have.length(3);
      expect(written.indexOf('3-apply-shop-deny.yaml') + written.indexOf('2-apply-shop-deny.yaml')).to.be.above(-1);
      const position = (name: string) => written.findIndex((one) => one.endsWith(name));
      expect(position('apply-shop-web.yaml')).to.be.lessThan(position('apply-shop-deny.yaml'));
      const deleted = await readFile(join(plan, written.find((one) => one.includes('delete')) as string), 'utf8');
      expect(deleted).to.equal(
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: old\n  namespace: shop\n',
      );
      expect(terminal.printed()).to.contain('  after 1 change: 1 cell cut: shop/api -> shop/web 80/TCP\n');
      expect(
        (await failureOf(compare(sides, { reporter: ['terminal'], plan: join(folder, 'full') }, terminal))).message,
      ).to.match(/--plan .*full is not empty/v);
    }));

  it('refuses flags that would have no effect', () =>
    withFiles(files, async (folder) => {
      const sides = [join(folder, 'before'), join(folder, 'after')];
      const failed = async (flags: object) =>
        (await failureOf(compare(sides, { reporter: ['terminal'], ...flags }, fakeTerminal()))).message;
      const live = { live: true, plan: join(folder, 'plan') };
      expect(await failed({ plan: live.plan, order: ['written'] })).to.contain('--order has no effect without --live');
      expect(await failed({ live: true, order: ['written'] })).to.contain('--order has no effect without --plan');
      expect(await failed({ ...live, enforceWithin: 5 })).to.contain('--enforce-within has no effect with --plan');
    }));

  it('refuses matrices that are too large to look at state by state', () => {
    const pods = Array.from({ length: 225 }, (_, at) => `p${at}: {ports: [80]}`).join(', ');
    const large = `namespaces: {shop: {pods: {${pods}}}}\nexpect: model\n`;
    return withFiles({ ...files, 'before/scenario.yaml': large, 'after/scenario.yaml': large }, async (folder) => {
      const sides = [join(folder, 'before'), join(folder, 'after')];
      const planned = compare(sides, { reporter: ['terminal'], plan: join(folder, 'plan') }, fakeTerminal());
      expect((await failureOf(planned)).message).to.equal('--plan looks at each cell, and there are more than 50000');
      expect(await readdir(folder)).not.to.include('plan');
    });
  });
});
