import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { PodreachError } from '../../src/errors.ts';
import { connect } from '../../src/kube/client.ts';
import { type Credentials, readCredentials } from '../../src/kube/credentials.ts';
import { masked } from '../../src/secrets.ts';
import { failureOf } from '../unit/failure-of.ts';

const V1 = 'client.authentication.k8s.io/v1';
const TOKEN = 'token-of-the-plugin-0815';
/** Long enough for a plugin to begin, and to say so. */
const SHORT_MS = 1_000;
const answer = (status: object, apiVersion = V1) => JSON.stringify({ kind: 'ExecCredential', apiVersion, status });

describe('a credential plugin', () => {
  let folder: string;
  const open: Credentials[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podreach-unit-'));
  });
  afterEach(async () => {
    for (const one of open.splice(0)) one.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Credentials by a plugin that is this shell script; it finds its folder in $HERE, and leaves a line in `runs`. */
  const pluginOf = async (script: string, changes: object = {}, cluster: object = {}, deadlineMs = 5000) => {
    const command = join(folder, 'plugin');
    await writeFile(command, `#!/bin/sh\necho run >>"$HERE/runs"\n${script}\n`);
    await chmod(command, 0o755);
    const exec = { apiVersion: V1, command, env: [{ name: 'HERE', value: folder }], ...changes };
    const config = {
      'current-context': 'mine',
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'mine', context: { cluster: 'c', user: 'u' } }],
    };
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, JSON.stringify(config));
    const credentials = readCredentials(kubeconfig, undefined, { deadlineMs });
    open.push(credentials);
    return credentials;
  };
  const runs = async () => (await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n').length;
  const tokenOf = async (credentials: Credentials) => (await credentials.options()).headers.Authorization;
  /** Whether the process still does something: one that has ended may wait long for its new parent to notice. */
  const isAlive = (pid: number): boolean => {
    const { status, stdout } = spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' });
    return status === 0 && !stdout.trim().startsWith('Z');
  };
  /** The processes that the plugin wrote down, once there are so many. */
  const pids = async (count: number): Promise<readonly number[]> => {
    for (;;) {
      const text = await readFile(join(folder, 'pids'), 'utf8').catch(() => '');
      const found = text.split('\n').filter(Boolean).map(Number);
      if (found.length >= count) return found;
      await sleep(10);
    }
  };
  const hang = 'sleep 1000 & echo "$$" >>"$HERE/pids"; echo "$!" >>"$HERE/pids"; echo waiting for a login >&2; wait';

  it('gives its token, once for many calls, and at the same time', async () => {
    const credentials = await pluginOf(`echo '${answer({ token: TOKEN })}'`);
    expect(await Promise.all([tokenOf(credentials), tokenOf(credentials)])).to.deep.equal([
      `Bearer ${TOKEN}`,
      `Bearer ${TOKEN}`,
    ]);
    expect(await tokenOf(credentials)).to.equal(`Bearer ${TOKEN}`);
    expect(await runs()).to.equal(1);
    expect(masked(`echo of ${TOKEN}`)).to.equal('echo of [secret]');
  });

  it('is asked again once the token has expired', async () => {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const old = await pluginOf(`echo '${answer({ token: TOKEN, expirationTimestamp: at(-1000) })}'`);
    await tokenOf(old);
    await tokenOf(old);
    expect(await runs()).to.equal(2);
    const fresh = await pluginOf(`echo '${answer({ token: TOKEN, expirationTimestamp: at(60_000) })}'`);
    await tokenOf(fresh);
    await tokenOf(fresh);
    expect(await runs()).to.equal(3);
  });

  it('gives a client certificate with its key', async () => {
    const status = { clientCertificateData: 'the certificate', clientKeyData: 'the-key-of-the-plugin' };
    const credentials = await pluginOf(`echo '${answer(status)}'`);
    const { cert, key, headers } = await credentials.options();
    expect({ cert, key }).to.deep.equal({ cert: 'the certificate', key: 'the-key-of-the-plugin' });
    expect(headers).not.to.have.property('Authorization');
    expect(masked('the-key-of-the-plugin')).to.equal('[secret]');
  });

  it('is told what the contract says, and of the cluster if it asks for it', async () => {
    const script = `printf %s "$KUBERNETES_EXEC_INFO" >"$HERE/info"; echo '${answer({ token: TOKEN })}'`;
    const info = async () => JSON.parse(await readFile(join(folder, 'info'), 'utf8'));
    await tokenOf(await pluginOf(script));
    expect(await info()).to.deep.equal({ kind: 'ExecCredential', apiVersion: V1, spec: { interactive: false } });
    const cluster = {
      'certificate-authority-data': Buffer.from('authority').toString('base64'),
      'tls-server-name': 'api',
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }],
    };
    await tokenOf(await pluginOf(script, { provideClusterInfo: true }, cluster));
    expect((await info()).spec.cluster).to.deep.equal({
      server: 'https://127.0.0.1:1',
      'tls-server-name': 'api',
      'certificate-authority-data': Buffer.from('authority').toString('base64'),
      config: { audience: 'x' },
    });
  });

  it('speaks v1beta1 as well, gets its arguments, and may stand beside the kubeconfig', async () => {
    const apiVersion = 'client.authentication.k8s.io/v1beta1';
    const script = `echo '${answer({ token: 'X' }, apiVersion)}' | sed "s/X/$1/"`;
    await mkdir(join(folder, 'bin'));
    const credentials = await pluginOf(script, { apiVersion, command: './plugin', args: ['argument-one'] });
    expect(await tokenOf(credentials)).to.equal('Bearer argument-one');
  });

  it('that hangs is ended at the deadline, with all its processes, and is not asked again at once', async () => {
    const credentials = await pluginOf(hang, {}, {}, SHORT_MS);
    const { message, hint } = await failureOf(credentials.options());
    expect(message).to.contain(`the credential plugin ${join(folder, 'plugin')} of context mine gave no credentials`);
    expect(message).to.contain('within 1.0 s').and.to.contain('waiting for a login');
    expect(hint).to.contain(`kubectl --kubeconfig ${join(folder, 'kubeconfig')} --context mine version`);
    expect((await pids(2)).filter(isAlive)).to.deep.equal([]);
    expect((await failureOf(credentials.options())).message).to.equal(message);
    expect(await runs()).to.equal(1);
  });

  it('that ignores SIGTERM is ended as well', async () => {
    const credentials = await pluginOf(`trap '' TERM; ${hang}`, {}, {}, SHORT_MS);
    await failureOf(credentials.options());
    expect((await pids(2)).filter(isAlive)).to.deep.equal([]);
  });

  it('that hangs does not hold up an interruption, and ends when the client is closed', async () => {
    const credentials = await pluginOf(hang);
    const interruption = new AbortController();
    const failing = failureOf(credentials.options(interruption.signal));
    await pids(2);
    interruption.abort();
    const { message } = await failing;
    expect(message).to.match(/credential plugin .* was interrupted/);
    credentials.close();
    for (const pid of await pids(2)) while (isAlive(pid)) await sleep(10);
  });

  it('that hangs does not hold up an interruption of any call', async () => {
    await pluginOf(hang);
    const client = connect(join(folder, 'kubeconfig'));
    const signal = AbortSignal.timeout(200);
    const target = { namespace: 'a', pod: 'b', container: 'c' };
    const calls = [
      client.get('/api/v1/namespaces/a', { signal }),
      client.list('/api/v1/nodes', { signal }),
      client.exec(target, ['true'], { deadlineMs: 60_000, signal }),
      client.waitFor('/api/v1/nodes', () => true, { deadlineMs: 60_000, what: 'the nodes', signal }),
    ];
    for (const call of calls) expect((await failureOf(call)).message).to.contain('was interrupted');
    client.close();
  });

  const broken: Readonly<Record<string, readonly [script: string, says: RegExp]>> = {
    'that fails': ['echo no session >&2; exit 3', /exited with 3 after .*\nno session/],
    'that is killed': ['kill -9 $$', /was ended by SIGKILL/],
    'that prints no JSON': [`echo ${TOKEN}`, /printed no ExecCredential/],
    'that prints another object': [`echo '{"kind":"Status","token":"${TOKEN}"}'`, /printed no ExecCredential/],
    'that prints neither token nor certificate': [`echo '${answer({})}'`, /printed no ExecCredential/],
    'that prints a certificate without its key': [
      `echo '${answer({ clientCertificateData: TOKEN })}'`,
      /printed no ExecCredential/,
    ],
    'that answers by another version': [
      `echo '${answer({ token: TOKEN }, 'client.authentication.k8s.io/v1beta1')}'`,
      /another version of client\.authentication\.k8s\.io/,
    ],
    'that never stops printing': [`yes ${TOKEN}`, /printed more than a credential/],
  };
  for (const [what, [script, says]] of Object.entries(broken))
    it(`${what} is reported, without what it printed`, async () => {
      const { message, hint } = await failureOf((await pluginOf(script)).options());
      expect(message).to.match(says);
      expect(`${message}${hint}`).not.to.contain(TOKEN);
    });

  it('that is not there is reported with how to install it', async () => {
    const missing = await pluginOf('', { command: 'no-such-plugin-4711', installHint: 'brew install it' });
    const failure = await failureOf(missing.options());
    expect(failure.message).to.contain("no-such-plugin-4711 of context mine can't be started: ENOENT");
    expect(failure.hint).to.equal('brew install it');
  });

  it('is refused if the kubeconfig is wrong, or asks for a terminal', async () => {
    for (const [changes, says] of [
      [{ apiVersion: 'client.authentication.k8s.io/v1alpha1' }, 'an invalid exec.apiVersion'],
      [{ command: 7 }, 'an invalid exec.command'],
      [{ env: [{ name: 'A', value: 1 }] }, 'an invalid exec.env.0.value'],
      [{ interactiveMode: 'Always' }, 'needs a terminal'],
    ] as const) {
      const failure = await failureOf(pluginOf('', changes));
      expect(failure).to.be.instanceOf(PodreachError);
      expect(failure.message).to.contain(says);
    }
  });
});
