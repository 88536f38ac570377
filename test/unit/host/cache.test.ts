import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { cacheFolder } from '../../../src/cache-folder.ts';
import { contentKey } from '../../../src/content-key.ts';
import { PodreachError } from '../../../src/errors.ts';
import { cached, isCached, removeUnfinished } from '../../../src/host/cache.ts';
import { ownerText, thisOwner } from '../../../src/owner.ts';
import { failureOf } from '../failure-of.ts';
import { ownCacheHome } from './cache-home.ts';

describe('cache', () => {
  const home = ownCacheHome();
  const artifacts = () => join(home(), 'podreach/artifacts');

  it('stands under XDG_CACHE_HOME, else in the home folder', () => {
    expect(cacheFolder()).to.equal(join(home(), 'podreach'));
    process.env.XDG_CACHE_HOME = '';
    expect(cacheFolder()).to.match(/[/]\.cache[/]podreach$/);
  });

  describe('cached', () => {
    it('builds once', async () => {
      let builds = 0;
      const build = async (folder: string) => {
        builds += 1;
        await writeFile(join(folder, 'program'), 'it');
      };
      expect(await isCached('kind', 'k1')).to.equal(false);
      const folder = await cached('kind', 'k1', build);
      expect(folder).to.equal(join(artifacts(), 'kind-k1'));
      expect(await readFile(join(folder, 'program'), 'utf8')).to.equal('it');
      expect(await isCached('kind', 'k1')).to.equal(true);
      expect(await cached('kind', 'k1', build)).to.equal(folder);
      expect(builds).to.equal(1);
      await cached('kind', 'k2', build);
      expect(builds).to.equal(2);
    });

    it('is not there before it is whole', async () => {
      await cached('kind', 'k1', async (folder) => {
        await writeFile(join(folder, 'half'), '');
        expect(await isCached('kind', 'k1')).to.equal(false);
      });
    });

    it('leaves nothing of a build that fails, and builds again', async () => {
      const broken = new PodreachError('no space');
      const failure = await failureOf(
        cached('kind', 'k1', async (folder) => {
          await writeFile(join(folder, 'half'), '');
          throw broken;
        }),
      );
      expect(failure).to.equal(broken);
      expect(await readdir(artifacts())).to.deep.equal([]);
      const folder = await cached('kind', 'k1', (it) => writeFile(join(it, 'whole'), ''));
      expect(await readdir(folder)).to.deep.equal(['whole']);
    });

    it('gives one folder to two that build at once', async () => {
      const bothBuild = Promise.withResolvers<void>();
      let begun = 0;
      const build = async (folder: string) => {
        begun += 1;
        if (begun === 2) bothBuild.resolve();
        await bothBuild.promise;
        await writeFile(join(folder, 'program'), 'it');
      };
      const folders = await Promise.all([cached('kind', 'k1', build), cached('kind', 'k1', build)]);
      expect(new Set(folders)).to.deep.equal(new Set([join(artifacts(), 'kind-k1')]));
      expect(begun).to.equal(2);
      expect(await readdir(artifacts())).to.deep.equal(['kind-k1']);
      expect(await readdir(join(artifacts(), 'kind-k1'))).to.deep.equal(['program']);
    });

    it('does not take a file in its place for the artifact of another', async () => {
      const failure = await failureOf(
        cached('kind', 'k1', async () => writeFile(join(artifacts(), 'kind-k1'), 'in the way')),
      );
      expect(failure).to.have.property('code', 'ENOTDIR');
      expect(await readdir(artifacts())).to.deep.equal(['kind-k1']);
    });

    /** The folder of a build that was cut short, by a process that is gone if there is a number of one. */
    const cutShort = async (name: string, pid?: number) => {
      const owner = { ...(await thisOwner()), ...(pid !== undefined && { pid, started: '1' }) };
      const folder = `${name}.unfinished-${Buffer.from(ownerText(owner)).toString('base64url')}.0a1b2c`;
      await mkdir(join(artifacts(), folder), { recursive: true });
      return folder;
    };

    it('removes what interrupted builds left, and nothing of a build that is under way', async () => {
      await removeUnfinished();
      await cached('kind', 'k1', async () => {});
      const [alive] = [await cutShort('kind-k2'), await cutShort('kind-k3', 4_194_305)];
      const elsewhere = `kind-k4.unfinished-${Buffer.from('elsewhere 1 2').toString('base64url')}.0a1b2c`;
      await mkdir(join(artifacts(), elsewhere));
      await removeUnfinished();
      expect((await readdir(artifacts())).sort()).to.deep.equal(['kind-k1', alive, elsewhere].sort());
    });

    it('lets builds that do not wait for each other finish', async () => {
      const folder = await cached('kind', 'k1', async (unfinished) => {
        await removeUnfinished();
        await writeFile(join(unfinished, 'program'), 'it');
      });
      expect(await readdir(folder)).to.deep.equal(['program']);
    });

    it('removes after a day what says nothing of its process, or what of one that cannot be asked', async () => {
      await cached('kind', 'k1', async () => {});
      const names = [
        'kind-k2.unfinished-7-abcdef',
        `kind-k3.unfinished-${Buffer.from('elsewhere 1 2').toString('base64url')}.0a1b2c`,
      ];
      for (const name of names) await mkdir(join(artifacts(), name));
      await removeUnfinished();
      expect(await readdir(artifacts())).to.have.length(3);
      const before = new Date(Date.now() - 25 * 3_600_000);
      for (const name of names) await utimes(join(artifacts(), name), before, before);
      await removeUnfinished();
      expect(await readdir(artifacts())).to.deep.equal(['kind-k1']);
    });
  });

  describe('contentKey', () => {
    it('is twelve hexadecimal digits', () => {
      expect(contentKey('a', 'b')).to.match(/^[0-9a-f]{12}$/);
      expect(contentKey('a', 'b')).to.equal(contentKey('a', Buffer.from('b')));
    });

    it('reports where one part ends and the next begins', () => {
      const different = [['ab'], ['a', 'b'], ['', 'ab'], ['ab', ''], ['a1:b'], ['b', 'a'], ['1:a', 'b'], []];
      expect(new Set(different.map((parts) => contentKey(...parts)))).to.have.length(different.length);
      // Six bytes in four UTF-16 units: counted in those, the last two bytes would pass for an empty part.
      expect(contentKey('éé0:')).not.to.equal(contentKey(Buffer.from('éé'), ''));
    });

    it('differs for different lists of parts', () => {
      const parts = fc.array(fc.string({ unit: fc.constantFrom('a', '1', ':', 'é'), maxLength: 4 }), { maxLength: 4 });
      fc.assert(
        fc.property(parts, parts, (one, other) => {
          expect(contentKey(...one) === contentKey(...other)).to.equal(JSON.stringify(one) === JSON.stringify(other));
        }),
      );
    });
  });
});
