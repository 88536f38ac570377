import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { runCli } from '../../../src/commands/program.ts';
import { type Credentials, readCredentials } from '../../../src/kube/credentials.ts';
import { kubeconfigFiles } from '../../../src/kube/kubeconfig-files.ts';
import { masked } from '../../../src/secrets.ts';
import { fakeTerminal } from '../commands/fake-terminal.ts';
import { failureOf } from '../failure-of.ts';

const cluster = (name: string, host: string, rest: object = {}) => ({
  name,
  cluster: { server: `https://${host}`, ...rest },
});
const user = (name: string, rest: object) => ({ name, user: rest });
const context = (name: string, of = name) => ({ name, context: { cluster: of, user: of } });

describe('kubeconfigs', () => {
  let folder: string;
  const open: Credentials[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'podreach-test-'));
  });
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Writes files below the folder; what is no text is written as JSON. Returns the path of the last one. */
  const write = (name: string, content: unknown): string => {
    const file = join(folder, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  const read = (files: readonly string[], name?: string): Credentials => {
    const credentials = readCredentials(files.join(delimiter), name);
    open.push(credentials);
    return credentials;
  };
  const authorizationOf = async (credentials: Credentials) => (await credentials.options()).headers.Authorization;

  it('are merged: the first file that defines a name wins, with all of its entry', async () => {
    const one = write('one', {
      'current-context': 'a',
      clusters: [cluster('a', 'first.test')],
      users: [user('a', { username: 'me', password: 'password-of-one' })],
      contexts: [context('a')],
    });
    const two = write('two', {
      clusters: [cluster('a', 'second.test', { 'tls-server-name': 'second' }), cluster('b', 'b.test')],
      users: [user('a', { token: 'token-of-two' }), user('b', { token: 'token-of-b' })],
      contexts: [context('a', 'b'), context('b')],
    });
    const a = read([one, two]);
    expect(a.server.host).to.equal('first.test');
    const { headers, servername, auth } = await a.options();
    expect({ authorization: headers.Authorization, servername, auth }).to.deep.equal({
      authorization: undefined,
      servername: undefined,
      auth: 'me:password-of-one',
    });
    const b = read([one, two], 'b');
    expect(b.server.host).to.equal('b.test');
    expect(await authorizationOf(b)).to.equal('Bearer token-of-b');
    expect(read([two, one]).server.host).to.equal('b.test');
  });

  it('may define a context here and its cluster and user there', async () => {
    const one = write('one', { contexts: [context('a')], 'current-context': '' });
    const two = write('two', { clusters: [cluster('a', 'a.test')], 'current-context': 'a' });
    const three = write('three', { users: [user('a', { token: 'token-of-three' })], 'current-context': 'other' });
    const credentials = read([one, two, three]);
    expect([credentials.context, credentials.server.host]).to.deep.equal(['a', 'a.test']);
    expect(await authorizationOf(credentials)).to.equal('Bearer token-of-three');
  });

  it('that are missing or empty are skipped, unless all are', async () => {
    const whole = { 'current-context': 'a', clusters: [cluster('a', 'a.test')], contexts: [context('a')] };
    const missing = join(folder, 'missing');
    expect(read(['', missing, write('empty', ''), write('one', whole), '']).server.host).to.equal('a.test');
    const { message } = await failureOf((async () => read([missing, `${missing}2`]))());
    expect(message).to.equal(
      `there is no kubeconfig at ${missing}${delimiter}${missing}2: name another with --kubeconfig or KUBECONFIG`,
    );
  });

  it('that are no kubeconfigs are named, each by itself', async () => {
    const whole = write('one', {
      'current-context': 'a',
      clusters: [cluster('a', 'a.test')],
      contexts: [context('a')],
    });
    const broken = write('two', 'token: "token-nobody-may-see\n - [');
    const list = write('three', `- token: token-nobody-may-see`);
    for (const wrong of [broken, list, folder]) {
      const { message } = await failureOf((async () => read([whole, wrong]))());
      expect(message).to.equal(`the kubeconfig ${wrong} can't be read, or is not a kubeconfig`);
    }
  });

  it('have paths from their own folder: of certificates, of keys, of tokens and of plugins', async () => {
    const answer =
      '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"of-plugin"}}';
    write('two/authority.pem', 'the authority');
    write('two/client.pem', 'the certificate');
    write('two/client.key', 'the key of the test');
    write('two/token', 'token-of-the-file\n');
    chmodSync(write('two/plugin', `#!/bin/sh\necho '${answer}'\n`), 0o755);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin' };
    const files = [
      write('one/config', {
        contexts: [context('cert', 'a'), { name: 'plugin', context: { cluster: 'a', user: 'p' } }],
      }),
      write('two/config', {
        clusters: [cluster('a', 'a.test', { 'certificate-authority': 'authority.pem' })],
        users: [
          user('a', { 'client-certificate': 'client.pem', 'client-key': 'client.key', tokenFile: 'token' }),
          user('p', { exec }),
        ],
      }),
    ];
    const { ca, cert, key, headers } = await read(files, 'cert').options();
    expect([ca, cert, key].map(String)).to.deep.equal(['the authority', 'the certificate', 'the key of the test']);
    expect(headers.Authorization).to.equal('Bearer token-of-the-file');
    expect(masked('a token-of-the-file')).to.equal('a [secret]');
    expect(await authorizationOf(read(files, 'plugin'))).to.equal('Bearer of-plugin');
  });

  it('have a token that is read again, and an error without it where the file is gone', async () => {
    const file = write('config', {
      'current-context': 'a',
      clusters: [cluster('a', 'a.test')],
      users: [user('a', { token: 'token-of-old', tokenFile: 'token' })],
      contexts: [context('a')],
    });
    write('token', 'token-of-monday');
    const credentials = read([file]);
    expect(await authorizationOf(credentials)).to.equal('Bearer token-of-monday');
    write('token', 'token-of-tuesday');
    expect(await authorizationOf(credentials)).to.equal('Bearer token-of-tuesday');
    rmSync(join(folder, 'token'));
    const { message } = await failureOf(credentials.options());
    expect(message).to.contain(`its tokenFile ${join(folder, 'token')} can't be read`);
  });

  it('are what a hint for kubectl names, as kubectl takes them', async () => {
    const one = write('one', { clusters: [cluster('a', 'a.test')], contexts: [context('a')] });
    const two = write('two', { users: [user('a', { tokenFile: 'missing' })] });
    const { hint } = await failureOf(read([one, two], 'a').options());
    expect(hint).to.equal(`try: KUBECONFIG=${one}${delimiter}${two} kubectl --context a version`);
  });

  it('may have a delimiter in the name of one file', () => {
    const whole = { 'current-context': 'a', clusters: [cluster('a', 'a.test')], contexts: [context('a')] };
    const file = write(`x${delimiter}y`, whole);
    expect(read([file]).server.host).to.equal('a.test');
    expect(kubeconfigFiles(file)).to.deep.equal([file]);
    expect(kubeconfigFiles(['one', '', 'two'].join(delimiter))).to.deep.equal(['one', 'two']);
  });

  it('are those of KUBECONFIG, unless another is named', async () => {
    const files = ['one', 'two'].map((name) => write(name, { contexts: [context(`of-${name}`)] }));
    const before = process.env.KUBECONFIG;
    process.env.KUBECONFIG = files.join(delimiter);
    const hintOf = async (...args: readonly string[]) =>
      (await failureOf(runCli(['probe', '-n', 'prod', ...args], fakeTerminal()))).hint;
    try {
      expect(await hintOf()).to.equal('contexts in it: of-one, of-two');
      expect(await hintOf('--kubeconfig', files[1] as string)).to.equal('contexts in it: of-two');
    } finally {
      if (before === undefined) delete process.env.KUBECONFIG;
      else process.env.KUBECONFIG = before;
    }
  });
});
