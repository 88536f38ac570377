import { expect } from 'chai';
import { answer, both, deny, podsLike, refusal, toWeb } from './fixture.ts';

describe('compare --forbid', () => {
  it('exits 1 for a forbidden change, unless it is wanted', async () => {
    const files = {
      ...both(deny, deny + toWeb(podsLike('client'))),
      'wanted.yaml': 'rules: [{allow: {from: prod/client, to: prod/web, port: 80}}]\n',
      'other.yaml': 'rules: [{deny: {from: prod/client, to: prod/web}}]\n',
    };
    expect((await answer(files, { forbid: ['closed'] })).code).to.equal(0);
    const forbidden = await answer(files, { forbid: ['opened'] });
    expect(forbidden.code).to.equal(1);
    expect(forbidden.text).to.include('failed: 1 cell opened, which is forbidden\n');
    const wanted = await answer(files, { forbid: ['opened'], wanted: 'wanted.yaml' });
    expect(wanted.code).to.equal(0);
    expect(wanted.text).to.include('prod/client -> prod/web 80/TCP, as wanted\n');
    expect(wanted.text).to.include('passed: nothing is opened that is not wanted\n');
    expect((await answer(files, { forbid: ['opened'], wanted: 'other.yaml' })).code).to.equal(1);
  });

  it('wants each cell for itself', async () => {
    const files = {
      ...both(deny, ''),
      'after/policies.yaml': toWeb(podsLike('nobody')).replace('app: web', 'app: nobody'),
      'wanted.yaml': 'rules: [{allow: {to: prod/web}}, {deny: {from: prod/api, to: prod/web}}]\n',
    };
    const { text, code } = await answer(files, { forbid: ['opened'], wanted: 'wanted.yaml' });
    expect(code).to.equal(1);
    expect(text).to.include('prod/client -> prod/web 80/TCP, as wanted');
    expect(text).to.include('failed: 3 cells opened, which is forbidden');
  });

  it('refuses a list of wanted changes that names nothing, or is no list of rules', async () => {
    const files = both(deny, deny);
    const wanted = (text: string) =>
      refusal({ ...files, 'wanted.yaml': text }, { forbid: ['opened'], wanted: 'wanted.yaml' });
    expect(await wanted('rules: [{allow: {from: prod/clinet}}]\n')).to.match(
      /wanted\.yaml:1:24: "prod\/clinet" matches no endpoint; the nearest valid endpoint is "prod\/client"$/,
    );
    expect(await wanted('default: allow\n')).to.match(
      /wanted\.yaml:1:1: unknown key "default"; the nearest valid key is "rules"/,
    );
    expect(await wanted('rules: [{allow: {family: IPv4}}]\n')).to.match(
      /wanted\.yaml:1:26: a wanted change is wanted in every IP family$/,
    );
    expect(await refusal(files, { wanted: 'wanted.yaml' })).to.equal('--wanted has no effect without --forbid');
  });
});
