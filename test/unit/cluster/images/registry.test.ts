import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkManifest, stockImages } from '../../../../src/cluster/images/registry.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { silent } from '../../../../src/progress.ts';
import { failureOf } from '../../failure-of.ts';
import { ownCacheHome } from '../../host/cache-home.ts';

const TEXT = 'kind: DaemonSet # marker\n';
// What sha256sum says of TEXT.
const SHA256 = '12ba73131904d6ecee775744e7e4ad8877298207847052037b018cdb23bf1551';

describe('checkManifest', () => {
  it('returns the text that has the checksum', () => {
    expect(checkManifest(TEXT, SHA256)).to.equal(TEXT);
  });

  it('throws on another, naming both checksums and nothing of the text', () => {
    let failure: unknown;
    try {
      checkManifest(`${TEXT} `, SHA256);
    } catch (error) {
      failure = error;
    }
    expect(failure).to.be.instanceOf(PodreachError);
    const { message, hint, cause } = failure as PodreachError;
    expect(message).to.contain(`not ${SHA256}`);
    expect(message).to.match(/the checksum [0-9a-f]{64},/);
    expect(`${message}${hint}`).not.to.contain('marker');
    expect(hint).to.contain('do not use it');
    expect(cause).to.equal(undefined);
  });

  it('knows the checksum of the release that it fetches', () => {
    expect(() => checkManifest(TEXT)).to.throw(PodreachError, /not [0-9a-f]{64}; it was changed/);
  });
});

describe('stockImages', () => {
  const home = ownCacheHome();
  const { fetch } = globalThis;
  afterEach(() => {
    globalThis.fetch = fetch;
  });

  it('keeps nothing of a manifest that is not the released one', async () => {
    globalThis.fetch = async () => new Response(TEXT);
    expect((await failureOf(stockImages(silent))).message).to.contain("Calico's manifest has the checksum");
    globalThis.fetch = async () => new Response('gone', { status: 404 });
    const refused = await failureOf(stockImages(silent));
    expect(refused.message).to.match(/^https:\S+\/v\d+\.\d+\.\d+\/\S+ answered with status 404$/);
    expect(refused.hint).to.contain('--images build');
    globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'));
    const silence = await failureOf(stockImages(silent));
    expect(silence).to.be.instanceOf(PodreachError);
    expect(silence.message).to.contain('could not be fetched');
  });

  it('fetches nothing when the manifest is in the cache', async () => {
    globalThis.fetch = () => Promise.reject(new TypeError('nothing may be fetched'));
    const [version] = /v\d+\.\d+\.\d+/.exec((await failureOf(stockImages(silent))).message) ?? [];
    const folder = join(home(), `podreach/artifacts/calico-manifest-${version}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'calico.yaml'), TEXT);
    const { node, calicoManifest, probe } = await stockImages(silent);
    expect(node).to.equal(undefined);
    expect(await readFile(calicoManifest, 'utf8')).to.equal(TEXT);
    expect(probe).to.match(/^registry\.k8s\.io\/e2e-test-images\/agnhost:\d+\.\d+(@sha256:[0-9a-f]{64})?$/);
  });
});
