import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster, User } from '@kubernetes/client-node';
import { expect } from 'chai';
import { keepSecretsOf } from '../../../src/kube/kubeconfig-secrets.ts';
import { masked } from '../../../src/secrets.ts';
import { inFolder } from '../scripts/temporary-folder.ts';

const cluster = (changes: Partial<Cluster> = {}): Cluster => ({
  name: 'c',
  server: 'https://127.0.0.1:6443',
  skipTLSVerify: false,
  ...changes,
});
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('keepSecretsOf', () => {
  /** Every secret of its own, so that no test hides what another one should. */
  const cases: Readonly<Record<string, readonly [user: Partial<User>, secrets: readonly string[]]>> = {
    'a token': [{ token: 'bearer-aaaa-1111\n' }, ['bearer-aaaa-1111', base64('bearer-aaaa-1111')]],
    'a password': [{ username: 'me', password: 'pass-bbbb-2222' }, ['pass-bbbb-2222', base64('me:pass-bbbb-2222')]],
    'a short password in its header': [{ username: 'admin', password: 'abc' }, [base64('admin:abc')]],
    'a client key': [
      { keyData: base64('-----BEGIN KEY-----\nkey-cccc-3333-of-data\n-----END KEY-----') },
      ['key-cccc-3333-of-data', base64('-----BEGIN KEY-----\nkey-cccc-3333-of-data')],
    ],
    'a client certificate': [{ certData: base64('cert-dddd-4444') }, ['cert-dddd-4444', base64('cert-dddd-4444')]],
    'tokens of an identity provider': [
      { authProvider: { name: 'oidc', config: { 'id-token': 'id-eeee-5555', 'client-secret': 'cs-ffff-6666' } } },
      ['id-eeee-5555', 'cs-ffff-6666'],
    ],
    'what a plugin is given': [
      {
        exec: {
          env: [{ name: 'AWS_SECRET_ACCESS_KEY', value: 'env-gggg-7777' }],
          args: ['--client-secret=arg-hhhh-8888', '--password', 'arg-iiii-9999'],
        },
      },
      ['env-gggg-7777', 'arg-hhhh-8888', 'arg-iiii-9999'],
    ],
  };
  // Of base64, two bits of the last character are not the secret's.
  for (const [what, [user, secrets]] of Object.entries(cases))
    it(`hides ${what}`, () => {
      keepSecretsOf({ name: 'u', ...user }, cluster());
      for (const secret of secrets) expect(masked(`said: ${secret}.`)).to.match(/^said: (\[secret\])+\w?=*\.$/);
    });

  it('hides a key that stands in a file, and lives with one that is not there', () =>
    inFolder({}, async (folder) => {
      const keyFile = join(folder, 'key.pem');
      await writeFile(keyFile, '-----BEGIN KEY-----\nkey-jjjj-0000-of-a-file\n-----END KEY-----\n');
      keepSecretsOf({ name: 'u', keyFile, certFile: join(folder, 'none') }, cluster());
      expect(masked('key-jjjj-0000-of-a-file')).to.equal('[secret]');
    }));

  it("hides a proxy's password, as it is written and as it is", () => {
    keepSecretsOf(null, cluster({ proxyUrl: 'http://me:p%40ss-kkkk-1212@proxy:3128' }));
    expect(masked('p@ss-kkkk-1212 p%40ss-kkkk-1212')).to.equal('[secret] [secret]');
  });

  it('hides nothing that only names something', () => {
    const exec = { env: [{ name: 'AWS_PROFILE', value: 'production' }], args: ['--region', 'eu-central-1'] };
    keepSecretsOf({ name: 'u', exec }, cluster());
    expect(masked('production in eu-central-1')).to.equal('production in eu-central-1');
  });
});
