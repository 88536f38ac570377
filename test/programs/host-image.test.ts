import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { ensureHostImage } from '../../src/deploy/hosts/host-image.ts';
import { PodreachError } from '../../src/errors.ts';
import { failureOf } from '../unit/failure-of.ts';
import { ownCacheHome } from '../unit/host/cache-home.ts';
import { inFolder } from '../unit/scripts/temporary-folder.ts';

/**
 * Docker whose Engine lacks the image at first. As the real one it cuts off what `exec` prints now and then, here
 * always; and of two that load at the same moment one fails. `load`, `pull` and `loading` are what is done besides.
 */
const dockerWith = ({
  loading = 'true',
  load = 'true',
  pull = 'echo "no such host" >&2; exit 1',
  node = 'true',
} = {}) => `#!/bin/sh
here=\${0%/*}
echo "$1 $2" >>"$here/calls"
case $1 in
  image) [ -e "$here/loaded" ] ;;
  exec)
    [ "$3" = rm ] && exit 0
    ${node}
    for last; do :; done
    case "$*" in
      *' - '*) printf 'the whole ima' ;;
      *) printf 'the whole image' >"$here/node.tar" ;;
    esac ;;
  cp)
    for last; do :; done
    cp "$here/node.tar" "$last" ;;
  load)
    mkdir "$here/loading" || { echo 'another load is under way' >&2; exit 1; }
    ${loading}
    rmdir "$here/loading"
    ${load}
    if [ "$2" = --input ]; then text=$(cat "$3"); else text=$(cat); fi
    [ "$text" = 'the whole image' ] || { echo 'unexpected EOF' >&2; exit 1; }
    touch "$here/loaded" ;;
  pull) ${pull} ;;
esac
`;

describe('ensureHostImage', () => {
  const home = ownCacheHome();
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  const withDocker = (docker: string, work: (calls: () => Promise<readonly string[]>) => Promise<void>) =>
    inFolder({ docker }, async (folder) => {
      process.env.PATH = `${folder}:${path}`;
      await work(async () => (await readFile(join(folder, 'calls'), 'utf8')).split('\n'));
    });

  it('takes it again if the copy was cut short', () =>
    withDocker(
      dockerWith({ load: '[ -e "$here/cut" ] || { touch "$here/cut"; echo "unexpected EOF" >&2; exit 1; }' }),
      async (calls) => {
        await ensureHostImage('probe:1', 'node-1');
        expect((await calls()).filter((call) => call.startsWith('load'))).to.have.length(2);
      },
    ));

  it('takes the image from the node once, however many hosts begin at the same moment', () =>
    withDocker(dockerWith({ loading: 'sleep 0.2' }), async (calls) => {
      await Promise.all([1, 2, 3].map(() => ensureHostImage('probe:1', 'node-1')));
      expect((await calls()).filter((call) => call.startsWith('load'))).to.have.length(1);
      await ensureHostImage('probe:1', 'node-1');
      expect((await calls()).filter((call) => call.startsWith('load'))).to.have.length(1);
    }));

  it('pulls it where the node does not have it', () =>
    withDocker(
      dockerWith({ node: 'echo "ctr: image not found" >&2; exit 1', pull: 'touch "$here/loaded"' }),
      async (calls) => {
        await ensureHostImage('probe:1', 'node-1');
        expect((await calls()).filter((call) => call.startsWith('pull'))).to.deep.equal(['pull probe:1']);
      },
    ));

  it('reports what the node said, and the registry, if it cannot be had', () =>
    withDocker(dockerWith({ node: 'echo "ctr: image not found" >&2; exit 1' }), async () => {
      const failure = await failureOf(ensureHostImage('probe:1', 'node-1'));
      expect(failure).to.be.instanceOf(PodreachError);
      expect(failure.message).to.match(/^hosts outside the cluster need the image probe:1, /);
      expect(failure.message).to.contain('ctr: image not found').and.to.contain('no such host');
      expect(failure.hint).to.contain('podreach doctor');
    }));

  it('reports what the Engine said, leaves no file behind, and tries again after a failure', () =>
    withDocker(
      dockerWith({
        load: 'echo x >>"$here/tries"; [ "$(wc -l <"$here/tries")" -gt 3 ] || { echo "no space left" >&2; exit 1; }',
      }),
      async (calls) => {
        const failure = await failureOf(ensureHostImage('probe:1', 'node-1'));
        expect(failure.message).to.contain('no space left').and.to.contain('no such host');
        expect(await calls()).to.include('exec node-1');
        expect(await readdir(join(home(), 'podreach/artifacts'))).to.deep.equal([]);
        await ensureHostImage('probe:1', 'node-1');
        expect(await readdir(join(home(), 'podreach/artifacts'))).to.deep.equal([]);
      },
    ));
});
