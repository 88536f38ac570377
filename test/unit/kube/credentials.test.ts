import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { readCredentials } from '../../../src/kube/credentials.ts';
import { failureOf } from '../failure-of.ts';
import { writeKubeconfig } from './fake-server.ts';

const SERVER = 'https://127.0.0.1:1';
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('credentials', () => {
  it('of an identity provider that keeps silent have a deadline, and obey an interruption', async () => {
    const sockets: Socket[] = [];
    const provider = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    const { port } = provider.address() as AddressInfo;
    const expired = `${part({ alg: 'RS256' })}.${part({ exp: 1 })}.signature`;
    const user = {
      'auth-provider': {
        name: 'oidc',
        config: {
          'id-token': expired,
          'refresh-token': 'refresh-of-the-test',
          'client-id': 'podreach',
          'idp-issuer-url': `https://127.0.0.1:${port}`,
        },
      },
    };
    const kubeconfig = writeKubeconfig(SERVER, user);
    const late = readCredentials(kubeconfig, undefined, { deadlineMs: 200 });
    const { message } = await failureOf(late.options());
    expect(message).to.equal(`could not get credentials for context fake from ${kubeconfig} within 200 ms`);
    const interrupted = await failureOf(readCredentials(kubeconfig).options(AbortSignal.timeout(50)));
    expect(interrupted.message).to.equal('asking for the credentials of context fake was interrupted');
    for (const socket of sockets) socket.destroy();
    provider.close();
  });

  it('are not had by a command that the library would run and wait for without an end', () => {
    for (const name of ['gcp', 'azure', 'exec']) {
      const user = { 'auth-provider': { name, config: { 'cmd-path': 'sleep', exec: { command: 'sleep' } } } };
      expect(() => readCredentials(writeKubeconfig(SERVER, user)))
        .to.throw(PodreachError, 'uses an auth provider that Kubernetes has removed')
        .with.property('hint')
        .contain('gke-gcloud-auth-plugin');
    }
  });

  it('that nobody has written down are no credentials, and no error', async () => {
    const credentials = readCredentials(writeKubeconfig(SERVER, {}));
    expect((await credentials.options()).headers).not.to.have.property('Authorization');
    credentials.close();
  });
});
