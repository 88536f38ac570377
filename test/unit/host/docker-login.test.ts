import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { registryLogin } from '../../../src/host/docker-login.ts';
import { masked } from '../../../src/secrets.ts';
import { failureOf } from '../failure-of.ts';
import { onPath } from './on-path.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const SECRET = 'correct:horse-battery';

/** As the helpers of https://github.com/docker/docker-credential-helpers: the registry comes on standard input. */
const HELPER = `#!/bin/sh
read -r registry
case $1-$registry in
  get-known.example) echo '{"ServerURL":"known.example","Username":"ann","Secret":"${SECRET}"}' ;;
  get-token.example) echo '{"Username":"<token>","Secret":"an-identity-token"}' ;;
  get-locked.example) echo 'the keychain is locked: ${SECRET}' >&2; exit 1 ;;
  *) echo 'credentials not found in native keychain'; exit 1 ;;
esac
`;

describe('registryLogin', () => {
  const before = process.env.DOCKER_CONFIG;
  afterEach(() => {
    if (before === undefined) delete process.env.DOCKER_CONFIG;
    else process.env.DOCKER_CONFIG = before;
  });

  const withConfig = (config: unknown, work: () => Promise<unknown>) => {
    const files =
      config === undefined ? {} : { 'config.json': typeof config === 'string' ? config : JSON.stringify(config) };
    return onPath({ ...files, 'docker-credential-stub': HELPER }, async (folder) => {
      process.env.DOCKER_CONFIG = folder;
      await work();
    });
  };

  it('is undefined if Docker has no configuration, or none for this registry', async () => {
    await withConfig(undefined, async () => expect(await registryLogin('r.example')).to.equal(undefined));
    await withConfig({ auths: { 'other.example': { auth: base64('a:b') } } }, async () =>
      expect(await registryLogin('r.example')).to.equal(undefined),
    );
  });

  it('reads what `docker login` wrote into the file, and masks it from then on', () =>
    withConfig({ auths: { 'r.example:5000': { auth: base64(`ann:${SECRET}`) } }, HttpHeaders: {} }, async () => {
      expect(await registryLogin('r.example:5000')).to.deep.equal({ username: 'ann', password: SECRET });
      expect(masked(`Basic ${base64(`ann:${SECRET}`)} or ${SECRET}`)).to.equal('Basic [secret] or [secret]');
    }));

  it('asks the helper of the registry, or of all', async () => {
    const login = { username: 'ann', password: SECRET };
    await withConfig({ credHelpers: { 'known.example': 'stub' } }, async () => {
      expect(await registryLogin('known.example')).to.deep.equal(login);
      expect(await registryLogin('other.example')).to.equal(undefined);
    });
    await withConfig({ credsStore: 'stub', auths: { 'known.example': {} } }, async () => {
      expect(await registryLogin('known.example')).to.deep.equal(login);
      expect(await registryLogin('nobody.example')).to.equal(undefined);
    });
  });

  it('fails, without a secret in its words, if the helper or the file does not give one', async () => {
    await withConfig({ credsStore: 'stub' }, async () => {
      const locked = await failureOf(registryLogin('locked.example'));
      expect(locked).to.be.instanceOf(PodreachError);
      expect(`${locked.message}${locked.hint}`).to.contain('docker-credential-stub').and.not.contain('horse');
      expect((await failureOf(registryLogin('token.example'))).message).to.contain("the nodes of a cluster can't use");
    });
    await withConfig(`{"auths": {"r.example": {"auth": "${SECRET}"`, async () => {
      const broken = await failureOf(registryLogin('r.example'));
      expect(broken.message).to.contain('config.json does not look like one that Docker wrote');
      expect(`${broken.message}${broken.hint}${broken.cause}`).not.to.contain('horse');
    });
    await withConfig({ credsStore: 'of-nobody' }, async () => {
      expect((await failureOf(registryLogin('r.example'))).message).to.contain('docker-credential-of-nobody failed');
    });
  });
});
