import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { imageSource } from '../../../src/host/image-source.ts';

describe('imageSource', () => {
  const { fetch } = globalThis;
  const platform = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor;
  let asked: string[];

  /** Every address answers with this status, or not at all; nothing leaves this process. */
  const registriesAnswer = (statusOf: (host: string) => number | undefined) => {
    asked = [];
    globalThis.fetch = async (input) => {
      const { hostname } = new URL(String(input));
      asked.push(hostname);
      const status = statusOf(hostname);
      if (status === undefined) throw new TypeError('fetch failed');
      return new Response(null, { status });
    };
  };
  const on = (value: string) => Object.defineProperty(process, 'platform', { ...platform, value });
  /** Off Linux, Docker's own virtual machine has cgroup v2, so that only the registries decide. */
  const offLinux = () => on('darwin');

  afterEach(() => {
    globalThis.fetch = fetch;
    Object.defineProperty(process, 'platform', platform);
  });

  it('is what was chosen, without a question asked', async () => {
    registriesAnswer(() => undefined);
    expect(await imageSource('registry')).to.equal('registry');
    expect(await imageSource('build')).to.equal('build');
    expect(asked).to.deep.equal([]);
  });

  it('is the registry where every one of them answers, a call for a login included', async () => {
    offLinux();
    registriesAnswer((host) => (host === 'registry-1.docker.io' ? 401 : host === 'registry.k8s.io' ? 307 : 200));
    expect(await imageSource('auto')).to.equal('registry');
    expect(asked.sort()).to.deep.equal([
      'quay.io',
      'raw.githubusercontent.com',
      'registry-1.docker.io',
      'registry.k8s.io',
    ]);
  });

  for (const host of ['quay.io', 'raw.githubusercontent.com', 'registry-1.docker.io', 'registry.k8s.io'])
    for (const status of [undefined, 403, 404, 503])
      it(`is the build where ${host} gives ${status ?? 'no answer'}`, async () => {
        offLinux();
        registriesAnswer((asking) => (asking === host ? status : 200));
        expect(await imageSource('auto')).to.equal('build');
      });

  it('is the build, without a question asked, where Linux has no cgroup v2', async () => {
    on('linux');
    registriesAnswer(() => 200);
    expect(await imageSource('auto', '/nowhere/cgroup.controllers')).to.equal('build');
    expect(asked).to.deep.equal([]);
  });

  it('is up to the registries where Linux has cgroup v2', async () => {
    on('linux');
    registriesAnswer(() => 200);
    expect(await imageSource('auto', fileURLToPath(import.meta.url))).to.equal('registry');
  });
});
