import { expect } from 'chai';
import { parseMirror, parseReference, throughMirror } from '../../../../src/cluster/images/reference.ts';
import { PodreachError } from '../../../../src/errors.ts';

const digest = `@sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseReference', () => {
  // The examples and rules of https://github.com/distribution/reference.
  for (const [text, registry, repository, version] of [
    ['kindest/node:v1.34.0', 'docker.io', 'kindest/node', ':v1.34.0'],
    ['busybox', 'docker.io', 'library/busybox', ''],
    ['docker.io/busybox', 'docker.io', 'library/busybox', ''],
    ['localhost/tools/a', 'localhost', 'tools/a', ''],
    ['localhost:5000/a:1', 'localhost:5000', 'a', ':1'],
    ['registry:5000/a', 'registry:5000', 'a', ''],
    ['registry.k8s.io/e2e-test-images/agnhost:2.56', 'registry.k8s.io', 'e2e-test-images/agnhost', ':2.56'],
    [`quay.io/calico/node${digest}`, 'quay.io', 'calico/node', digest],
    [`quay.io/calico/node:v3.32.1${digest}`, 'quay.io', 'calico/node', `:v3.32.1${digest}`],
    ['172.18.0.9:5000/x/y_z/a--b.c:1', '172.18.0.9:5000', 'x/y_z/a--b.c', ':1'],
  ] as const)
    it(`reads ${text.replace(digest, '@sha256:…')}`, () => {
      expect(parseReference(text)).to.deep.equal({ registry, repository, version });
    });

  for (const text of ['', 'https://quay.io/calico/node', 'Calico/Node', 'a b', '-x', 'a:', 'a@sha256:12', 'a//b', 'a/'])
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseReference(text)).to.throw(PodreachError, 'is not the name of an image');
    });
});

describe('throughMirror', () => {
  const mirror = parseMirror('registry.example.com:8443/proxy/all/');

  it('puts what follows the registry below the prefix, and keeps tag and digest', () => {
    expect(throughMirror(`quay.io/calico/node:v3.32.1${digest}`, mirror)).to.equal(
      `registry.example.com:8443/proxy/all/calico/node:v3.32.1${digest}`,
    );
    expect(throughMirror('kindest/node:v1.37.0', parseMirror('registry.example.com'))).to.equal(
      'registry.example.com/kindest/node:v1.37.0',
    );
  });

  it('leaves alone what lies there already, and everything if there is no mirror', () => {
    const own = 'registry.example.com:8443/team/agnhost:2.56';
    expect(throughMirror(own, mirror)).to.equal(own);
    expect(throughMirror('kindest/node:v1', undefined)).to.equal('kindest/node:v1');
  });

  for (const text of ['', 'https://registry.example.com', 'registry', 'registry.example.com/Upper', 'a b.c', 'x.y/z:1'])
    it(`takes ${JSON.stringify(text)} for no mirror`, () => {
      expect(() => parseMirror(text)).to.throw(PodreachError, 'is not the address of a registry');
    });

  it('takes a host with a port, an address, and localhost', () => {
    for (const host of ['registry:5000', '172.18.0.9:5000', 'localhost', '[fd00::9]:5000']) {
      expect(parseMirror(host)).to.deep.equal({ registry: host, prefix: '' });
    }
  });
});
