import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { ensurePulled } from '../../../../src/cluster/images/pull.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { silent } from '../../../../src/progress.ts';
import { failureOf } from '../../failure-of.ts';
import { onPath } from '../../host/on-path.ts';

const docker = (pull: string) => `#!/bin/sh
echo "$*" >>"\${0%/*}/calls"
case $1 in
  image) [ -e "\${0%/*}/has" ] ;;
  pull) ${pull} ;;
esac
`;
const options = { progress: silent };

describe('ensurePulled', () => {
  it('pulls what the Engine has not', () =>
    onPath({ docker: docker('true') }, async (folder) => {
      await ensurePulled('r.example/kindest/node:v1', options);
      expect(await readFile(join(folder, 'calls'), 'utf8')).to.contain('pull --quiet r.example/kindest/node:v1\n');
    }));

  it('does not ask the registry for what the Engine has', () =>
    onPath({ docker: docker('exit 1'), has: '' }, () => ensurePulled('r.example/kindest/node:v1', options)));

  // What the Docker Engine prints.
  for (const [said, cure] of [
    [
      'x509: certificate signed by unknown authority',
      /sudo install -D \/\S*ca\.pem \/etc\/docker\/certs\.d\/r\.example:5000\/ca\.crt/,
    ],
    [
      "pull access denied for x, repository does not exist or may require 'docker login'",
      /docker login r\.example:5000/,
    ],
    ['no basic auth credentials', /docker login r\.example:5000/],
    ['manifest for r.example:5000/x:v1 not found: manifest unknown: manifest unknown', /--node-image/],
    ['dial tcp 192.0.2.1:443: i/o timeout', /--mirror HOST/],
  ] as const)
    it(`keeps the Engine's words and names the cure: ${said}`, () =>
      onPath({ docker: docker(`echo "Error response from daemon: ${said}" >&2; exit 1`) }, async () => {
        const failure = await failureOf(ensurePulled('r.example:5000/x:v1', { ...options, ca: { file: 'ca.pem' } }));
        expect(failure).to.be.instanceOf(PodreachError);
        expect(failure.message).to.contain('pulling r.example:5000/x:v1').and.contain(said);
        expect(failure.hint).to.match(cure);
      }));
});
