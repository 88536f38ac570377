import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { ensureImages } from '../../../../src/cluster/images/index.ts';
import { probeImageOf, stockImages } from '../../../../src/cluster/images/stock.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { silent } from '../../../../src/progress.ts';
import { failureOf } from '../../failure-of.ts';
import { ownCacheHome } from '../../host/cache-home.ts';
import { onPath } from '../../host/on-path.ts';

const MANIFEST = 'spec:\n  image: quay.io/calico/node:v3.32.1\n';
/** An Engine that has every image. */
const DOCKER = { docker: `#!/bin/sh\necho "$*" >>"\${0%/*}/calls"\n` };

describe('stockImages', () => {
  const home = ownCacheHome();
  const config = process.env.DOCKER_CONFIG;
  beforeEach(() => {
    process.env.DOCKER_CONFIG = home();
  });
  afterEach(() => {
    if (config === undefined) delete process.env.DOCKER_CONFIG;
    else process.env.DOCKER_CONFIG = config;
  });
  const manifestFile = async (text = MANIFEST) => {
    const file = join(home(), 'manifest.yaml');
    await writeFile(file, text);
    return file;
  };

  it('are those of their makers, each with its digest', () =>
    onPath(DOCKER, async (folder) => {
      const { node, calicoManifest, probe, registry } = await stockImages({ calico: await manifestFile() }, silent);
      expect(node).to.match(/^kindest\/node:v\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$/);
      expect(probe).to.match(/^registry\.k8s\.io\/e2e-test-images\/agnhost:\d+\.\d+@sha256:[0-9a-f]{64}$/);
      expect(await readFile(calicoManifest, 'utf8')).to.equal(MANIFEST);
      expect(registry).to.equal(undefined);
      expect(await readFile(join(folder, 'calls'), 'utf8')).to.contain(node);
    }));

  it('all come from the mirror, with what nodes need for it', () =>
    onPath(DOCKER, async () => {
      const ca = join(home(), 'ca.pem');
      await writeFile(ca, '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n');
      await writeFile(
        join(home(), 'config.json'),
        JSON.stringify({ auths: { 'r.example:5000': { auth: Buffer.from('ann:secret-word').toString('base64') } } }),
      );
      const images = await stockImages(
        { mirror: 'r.example:5000/p', registryCa: ca, calico: await manifestFile(), nodeImage: 'kindest/node:v1' },
        silent,
      );
      expect(images.node).to.equal('r.example:5000/p/kindest/node:v1');
      expect(images.probe).to.match(/^r\.example:5000\/p\/e2e-test-images\/agnhost:\d+\.\d+@sha256:[0-9a-f]{64}$/);
      expect(await readFile(images.calicoManifest, 'utf8')).to.contain('image: r.example:5000/p/calico/node:v3.32.1');
      expect(images.registry).to.deep.equal({
        registry: 'r.example:5000',
        ca: { file: ca, pem: await readFile(ca, 'utf8') },
        login: { username: 'ann', password: 'secret-word' },
      });
    }));

  it('follow a manifest that changed under its name', () =>
    onPath(DOCKER, async () => {
      const first = await stockImages({ calico: await manifestFile() }, silent);
      const second = await stockImages({ calico: await manifestFile('kind: Other\n') }, silent);
      expect(await readFile(first.calicoManifest, 'utf8')).to.equal(MANIFEST);
      expect(await readFile(second.calicoManifest, 'utf8')).to.equal('kind: Other\n');
    }));

  it('are refused with a certificate that is none, or that is for no mirror', async () => {
    const file = await manifestFile();
    expect((await failureOf(stockImages({ mirror: 'r.example', registryCa: file }, silent))).message).to.equal(
      `${file} has no certificate in PEM`,
    );
    expect((await failureOf(stockImages({ registryCa: file }, silent))).message).to.contain('there is none');
    expect((await failureOf(stockImages({ mirror: 'r.example', registryCa: '/nowhere' }, silent))).message).to.equal(
      "the certificates /nowhere can't be read",
    );
  });

  it('are not what a build is made of, and say so', async () => {
    const failure = await failureOf(ensureImages({ images: 'build', mirror: 'r.example', calico: 'x' }, silent));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.match(/^--mirror and --calico can't be combined with --images build/);
  });
});

describe('probeImageOf', () => {
  it('is the stock one unless another is named, by way of the mirror', () => {
    expect(probeImageOf({})).to.match(/^registry\.k8s\.io\//);
    expect(probeImageOf({ probeImage: 'tools/x:1' })).to.equal('tools/x:1');
    expect(probeImageOf({ mirror: 'r.example', probeImage: 'tools/x:1' })).to.equal('r.example/tools/x:1');
  });
});
