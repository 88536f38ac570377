import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import {
  checkManifest,
  parseCalico,
  readManifest,
  withMirror,
} from '../../../../src/cluster/images/calico-manifest.ts';
import { parseMirror } from '../../../../src/cluster/images/reference.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { silent } from '../../../../src/progress.ts';
import { failureOf } from '../../failure-of.ts';
import { ownCacheHome } from '../../host/cache-home.ts';

const TEXT = 'kind: DaemonSet # marker\n';
// What sha256sum says of TEXT.
const SHA256 = '12ba73131904d6ecee775744e7e4ad8877298207847052037b018cdb23bf1551';
const OTHER = 'f'.repeat(64);

describe('parseCalico', () => {
  it('takes the pinned release, a version whose checksum is known or given, and a file', () => {
    expect(parseCalico()).to.deep.include({ version: 'v3.32.1' });
    expect(parseCalico('3.31.2')).to.deep.equal({
      version: 'v3.31.2',
      sha256: '4be1e091e5ac0d4725aac465bd72fbc7078046340099babe52f5174d14686999',
    });
    expect(parseCalico(`v3.30.0@sha256:${SHA256}`)).to.deep.equal({ version: 'v3.30.0', sha256: SHA256 });
    expect(parseCalico('net/calico.yaml')).to.deep.equal({ file: 'net/calico.yaml', sha256: undefined });
    expect(parseCalico(`./v3.30.0@sha256:${SHA256}`)).to.deep.equal({ file: './v3.30.0', sha256: SHA256 });
  });

  it('refuses a version whose checksum nobody knows, and says how to find it', () => {
    expect(() => parseCalico('v3.30.0'))
      .to.throw(PodreachError, 'does not know the checksum')
      .with.property('hint')
      .that.contains('--calico v3.30.0@sha256:CHECKSUM');
  });
});

describe('checkManifest', () => {
  it('returns the text that has the checksum', () => {
    expect(checkManifest(TEXT, SHA256, 'x')).to.equal(TEXT);
  });

  it('throws on another, naming both checksums and nothing of the text', () => {
    expect(() => checkManifest(`${TEXT} `, SHA256, 'x'))
      .to.throw(PodreachError, new RegExp(`from x has the checksum [0-9a-f]{64}, not ${SHA256}$`))
      .with.property('hint')
      .that.contains('do not use it');
  });
});

describe('readManifest', () => {
  const home = ownCacheHome();
  const file = () => join(home(), 'calico.yaml');

  it('reads a file, with the checksum that it was given', async () => {
    await writeFile(file(), TEXT);
    expect(await readManifest({ file: file(), sha256: undefined }, silent)).to.equal(TEXT);
    expect(await readManifest({ file: file(), sha256: SHA256 }, silent)).to.equal(TEXT);
    expect((await failureOf(readManifest({ file: file(), sha256: OTHER }, silent))).message).to.contain(
      `has the checksum ${SHA256}, not ${OTHER}`,
    );
  });

  it('says which file is not there', async () => {
    const failure = await failureOf(readManifest({ file: file(), sha256: undefined }, silent));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.contain(`${file()} can't be read`);
  });
});

describe('withMirror', () => {
  const manifest = `kind: ConfigMap
data: {text: "image: quay.io/calico/cni:v1"}
---
kind: DaemonSet
spec:
  template:
    spec:
      initContainers:
        - {name: a, image: "quay.io/calico/cni:v1", command: [image]}
      containers:
        - name: b
          image: quay.io/calico/node:v1 # of Calico
---
kind: CustomResourceDefinition
spec: {properties: {image: {type: string}}}
`;

  it('renames the images of containers, and nothing else', () => {
    const [map, set, definition] = parseAllDocuments(withMirror(manifest, parseMirror('r.example/p'))).map((one) =>
      one.toJS(),
    );
    expect(map).to.deep.equal({ kind: 'ConfigMap', data: { text: 'image: quay.io/calico/cni:v1' } });
    expect(set).to.deep.equal({
      kind: 'DaemonSet',
      spec: {
        template: {
          spec: {
            initContainers: [{ name: 'a', image: 'r.example/p/calico/cni:v1', command: ['image'] }],
            containers: [{ name: 'b', image: 'r.example/p/calico/node:v1' }],
          },
        },
      },
    });
    expect(definition).to.deep.equal({
      kind: 'CustomResourceDefinition',
      spec: { properties: { image: { type: 'string' } } },
    });
  });

  it('leaves the text as it is where there is no mirror', () => {
    expect(withMirror(manifest, undefined)).to.equal(manifest);
  });
});
