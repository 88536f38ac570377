import { mkdir, symlink } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import {
  isOurs,
  isOursAndDead,
  type Ownership,
  ownershipLabels,
  parseLabels,
  thisHome,
  thisOwnership,
} from '../../../src/host/ownership.ts';
import { ownershipPath, parseBinds, withOwnership } from '../../../src/host/ownership-mount.ts';
import { ownerText, thisOwner } from '../../../src/owner.ts';
import { ownCacheHome } from './cache-home.ts';

describe('ownership', () => {
  const home = ownCacheHome();

  it('reports the user, the cache folder and the process', async () => {
    const own = await thisOwnership();
    expect(own).to.deep.include({ user: userInfo().uid, owner: await thisOwner() });
    expect(own.cache).to.equal(join(home(), 'podreach'));
    expect(own.home)
      .to.match(/^[0-9a-f]{12}$/)
      .and.to.equal(await thisHome());
    expect(await isOurs(own)).to.equal(true);
    expect(await isOursAndDead(own)).to.equal(false);
    expect(await isOursAndDead(undefined)).to.equal(false);
    const dead = { ...own.owner, pid: 4_194_305, started: '1' };
    expect(await isOursAndDead({ ...own, owner: dead })).to.equal(true);
    expect(await isOursAndDead({ ...own, owner: dead, home: '0123456789ab' })).to.equal(false);
  });

  it('is another for another cache folder, and the same by two ways to one', async () => {
    const first = await thisHome();
    const link = join(home(), 'link');
    await symlink(home(), link);
    process.env.XDG_CACHE_HOME = link;
    expect(await thisHome()).to.equal(first);
    await mkdir(join(home(), 'other'));
    process.env.XDG_CACHE_HOME = join(home(), 'other');
    expect(await thisHome()).not.to.equal(first);
  });

  const ownerships = fc.record({
    home: fc.stringMatching(/^[0-9a-f]{12}$/),
    user: fc.nat(),
    cache: fc
      .array(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((part) => !/[/\0]/.test(part)),
        { minLength: 1 },
      )
      .map((parts) => `/${parts.join('/')}`),
    owner: fc.record({
      place: fc.constantFrom('91c9401e-d061-4c7b-bfb1-0135adc10caa/pid:[4026531836]', 'some.host'),
      pid: fc.nat(),
      started: fc.constantFrom('', '4711'),
      machine: fc.stringMatching(/^[0-9a-f]{12}$/),
    }),
  });

  it('is read from labels as it was written', () => {
    fc.assert(
      fc.property(ownerships, (ownership) => {
        expect(parseLabels(ownershipLabels(ownership))).to.deep.equal(ownership);
      }),
    );
    const labels = ownershipLabels({ home: 'ab', user: 1, cache: '/c', owner: { place: 'p', pid: 1, started: '' } });
    for (const missing of ['podreach/owner', 'podreach/home'])
      for (const value of ['', undefined]) {
        const { [missing]: _, ...others } = labels;
        expect(parseLabels({ ...others, ...(value !== undefined && { [missing]: value }) })).to.equal(undefined);
      }
  });

  it('is read from mounts as it was written, in characters that no notation of mounts stumbles on', () => {
    fc.assert(
      fc.property(ownerships, (ownership) => {
        const path = ownershipPath(ownership);
        expect(path).to.match(/^\/kind\/podreach\/[A-Za-z0-9._/%-]+$/);
        const others = ['/lib/modules:/lib/modules:ro', '/dev/null:/elsewhere'];
        expect(parseBinds([...others, `/dev/null:${path}:ro`])).to.deep.equal(ownership);
        expect(parseBinds([`/dev/null:${path}`])).to.deep.equal(ownership);
      }),
    );
  });

  const own: Ownership = {
    home: '0123456789ab',
    user: 1000,
    cache: '/home/ann/.cache/podreach',
    owner: { place: 'boot/pid:[1]', pid: 12, started: '34', machine: 'ba9876543210' },
  };

  for (const bind of [
    '',
    '/dev/null:/kind/podreach/x:ro',
    '/dev/null:/kind/podreach/0123456789ab/1000/rubbish/cache/c:ro',
    '/dev/null:/kind/podreach/0123456789ab/1000/%E0/cache/c:ro',
    `/etc:${ownershipPath(own)}:ro`,
  ])
    it(`is not read from the mount "${bind}"`, () => {
      expect(parseBinds([bind])).to.equal(undefined);
    });

  describe('in kind’s configuration', () => {
    const mount = { hostPath: '/dev/null', containerPath: ownershipPath(own), readOnly: true };

    it('is mounted on every node, beside what is mounted there', () => {
      const config = `# a comment
kind: Cluster
nodes:
  - role: control-plane
    extraMounts:
      - {hostPath: /srv, containerPath: /srv}
  - role: worker # another
`;
      const text = withOwnership(config, own);
      expect(text).to.contain('# a comment').and.to.contain('# another');
      expect(parse(text)).to.deep.equal({
        kind: 'Cluster',
        nodes: [
          { role: 'control-plane', extraMounts: [{ hostPath: '/srv', containerPath: '/srv' }, mount] },
          { role: 'worker', extraMounts: [mount] },
        ],
      });
    });

    it('is mounted on the one node that kind makes if no node is listed', () => {
      for (const config of ['kind: Cluster\n', 'kind: Cluster\nnodes:\n'])
        expect(parse(withOwnership(config, own))).to.deep.equal({
          kind: 'Cluster',
          nodes: [{ role: 'control-plane', extraMounts: [mount] }],
        });
    });

    for (const config of ['', 'a: [', 'words', 'nodes: none\n', 'nodes: [control-plane]\n'])
      it(`is left to kind if that is ${JSON.stringify(config)}`, () => {
        expect(withOwnership(config, own)).to.equal(config);
      });
  });

  it('reports the owner by the same words as on namespaces', () => {
    expect(ownershipLabels(own)['podreach/owner']).to.equal(ownerText(own.owner));
  });
});
