import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { imageSource } from '../../../src/host/image-source.ts';
import { withServer } from './local-server.ts';

/** Any file that exists: Linux has cgroup v2. */
const V2 = fileURLToPath(import.meta.url);
const V1 = '/nowhere/cgroup.controllers';

describe('imageSource', () => {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor;
  const on = (value: string) => Object.defineProperty(process, 'platform', { ...platform, value });
  let asked: (string | undefined)[];
  beforeEach(() => {
    asked = [];
    on('linux');
  });
  afterEach(() => {
    Object.defineProperty(process, 'platform', platform);
  });

  /** Registries that answer with these statuses; 0 never answers. */
  const withRegistries = (statuses: readonly number[], work: (registries: readonly string[]) => Promise<void>) =>
    withServer(
      ({ url }, response) => {
        asked.push(url);
        const status = statuses[Number(url?.slice(1))];
        if (status) response.writeHead(status).end();
      },
      (base) => work(statuses.map((_, index) => `${base}/${index}`)),
    );

  it('is what was chosen, and nothing is asked', () =>
    withRegistries([200], async (registries) => {
      for (const source of ['registry', 'build'] as const) {
        expect(await imageSource(source, { registries, controllers: V1 })).to.deep.equal({ source });
      }
      expect(asked).to.deep.equal([]);
    }));

  it('is the registry if every one answers, a call for a login included', () =>
    withRegistries([200, 401, 307], async (registries) => {
      expect(await imageSource('auto', { registries, controllers: V2 })).to.deep.equal({
        source: 'registry',
        because: 'every registry answers',
      });
      expect(asked).to.have.members(['/0', '/1', '/2']);
    }));

  it('is the build, because of them, if none answers as a registry does', () =>
    withRegistries([403, 503, 0], async (registries) => {
      const { source, because } = await imageSource('auto', { registries, controllers: V2, patienceMs: 300 });
      expect(source).to.equal('build');
      expect(because).to.match(
        /^no registry can be reached \(\S+: status 403, \S+: status 503, \S+: no answer in time\)$/,
      );
    }));

  it('is the build if nothing listens, and says so', async () => {
    let closed: readonly string[] = [];
    await withRegistries([200], async (registries) => {
      closed = registries;
    });
    const { source, because } = await imageSource('auto', { registries: closed, controllers: V2 });
    expect(source).to.equal('build');
    expect(because).to.contain('ECONNREFUSED');
  });

  for (const [how, statuses] of Object.entries({ 'is slow': [200, 0], 'is broken': [503, 200] }))
    it(`is no build that nobody asked for if one of them ${how}`, () =>
      withRegistries(statuses, async (registries) => {
        const { source, because } = await imageSource('auto', { registries, controllers: V2, patienceMs: 600 });
        expect(source).to.equal('registry');
        expect(because).to.match(/^registries answer, though not all of them \([^,]+\)$/);
      }));

  it('is the build, and nothing is asked, if Linux has cgroup v1', () =>
    withRegistries([200], async (registries) => {
      const { source, because } = await imageSource('auto', { registries, controllers: V1 });
      expect(source).to.equal('build');
      expect(because).to.contain('cgroup v1');
      expect(asked).to.deep.equal([]);
    }));

  it('is up to the registries on other systems, whose Docker has a machine of its own', () =>
    withRegistries([200], async (registries) => {
      on('darwin');
      expect((await imageSource('auto', { registries, controllers: V1 })).source).to.equal('registry');
    }));
});
