import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { existingPod } from '../../../src/attach/existing-pod.ts';
import { connectingBy, findOwnTool } from '../../../src/attach/own-tool.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { ExecResult } from '../../../src/kube/client.ts';
import { fakeCluster, podObject } from './fake-cluster.ts';

/** A pod whose containers have only these programs, as shell scripts. */
const refusals: Readonly<Record<string, string>> = {
  bare: 'exec in prod/web failed: unable to start container process: exec: "sh": executable file not found in $PATH',
  scratch: 'exec in prod/web failed: executable file `sh` not found: No such file or directory: OCI runtime error',
};

const look = async (containers: Readonly<Record<string, Readonly<Record<string, string>> | null>>) => {
  const { status } = podObject('prod/web');
  const containerStatuses = Object.keys(containers).map((name) => ({ name, state: { running: {} } }));
  const object = podObject('prod/web', { status: { ...status, containerStatuses } });
  const cluster = fakeCluster([object], {
    exec: ({ container }, argv) => {
      const programs = containers[container];
      if (!programs) throw new PodreachError(refusals[container] ?? 'the API server is away');
      return runWith(programs, argv);
    },
  });
  return { found: await findOwnTool(cluster, existingPod(object, null)), done: cluster.done };
};

const runWith = (programs: Readonly<Record<string, string>>, argv: readonly string[]): ExecResult => {
  const folder = mkdtempSync(path.join(tmpdir(), 'podreach-own-tool-'));
  try {
    for (const [name, text] of Object.entries(programs)) {
      const file = path.join(folder, name);
      writeFileSync(file, `#!/bin/sh\n${text}\n`);
      chmodSync(file, 0o755);
    }
    const { stdout, stderr, status } = spawnSync('/bin/sh', argv.slice(1), { env: { PATH: folder }, encoding: 'utf8' });
    return { stdout, stderr, exitCode: status ?? 1 };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

// What each prints on -h or --version: OpenBSD's, BusyBox's without -z, GNU's and BusyBox's wget.
const timeout = 'shift; exec "$@"';
const nc = 'echo "\t-z\t\tZero-I/O mode [used for scanning]" >&2';
const smallNc = 'echo "nc [OPTIONS] HOST PORT  - connect" >&2; exit 1';
const bash = 'exit 99';
const wget = 'echo "GNU Wget 1.21.3 built on linux-gnu."';
// Its successor, which says nothing of a connection.
const wget2 = 'echo "GNU Wget2 2.1.0 - multithreaded metalink/file/website downloader"';
const smallWget = 'echo "wget: unrecognized option: version" >&2; exit 1';

describe('findOwnTool', () => {
  it('takes the best that there is: nc, then bash, then wget', async () => {
    expect((await look({ app: { timeout, nc, bash, wget } })).found).to.deep.equal({
      container: 'app',
      connector: 'nc',
    });
    expect((await look({ app: { timeout, bash, wget } })).found).to.deep.equal({ container: 'app', connector: 'bash' });
    expect((await look({ app: { timeout, wget } })).found).to.deep.equal({ container: 'app', connector: 'wget' });
  });

  it('looks into each container until one has the best', async () => {
    const { found, done } = await look({
      bare: null,
      app: { timeout, bash },
      sidecar: { timeout, nc },
      last: { timeout, nc },
    });
    expect(found).to.deep.equal({ container: 'sidecar', connector: 'nc' });
    expect(done).to.deep.equal(['exec prod/web bare', 'exec prod/web app', 'exec prod/web sidecar']);
    const second = await look({ app: { timeout, bash }, sidecar: { timeout, wget } });
    expect(second.found).to.deep.equal({ container: 'app', connector: 'bash' });
  });

  it('trusts no nc without -z, no wget but GNU, and nothing without timeout', async () => {
    const none = 'container app has no timeout together with an nc that supports -z, bash or GNU wget';
    expect((await look({ app: { timeout, nc: smallNc, wget: smallWget } })).found).to.deep.equal({ problem: none });
    expect((await look({ app: { timeout, wget: wget2 } })).found).to.deep.equal({ problem: none });
    expect((await look({ app: { nc, bash, wget } })).found).to.deep.equal({ problem: none });
    expect((await look({ app: { timeout, nc: smallNc, bash } })).found).to.deep.include({ connector: 'bash' });
  });

  it('says of each container why it does not qualify', async () => {
    const { found } = await look({ bare: null, scratch: null, odd: null, app: {} });
    expect(found).to.deep.equal({
      problem:
        'container bare has no sh; container scratch has no sh; container odd: the API server is away; ' +
        'container app has no timeout together with an nc that supports -z, bash or GNU wget',
    });
    expect((await look({})).found).to.deep.equal({ problem: 'none of its containers is running' });
  });
});

describe('connectingBy', () => {
  it('hands the tool over in the environment, and the arguments as they are', () => {
    const nasty = ['a b', '$(id)', "'", '', '*'];
    const show = 'printf "<%s>" "$PODREACH_CONNECT" "$@"';
    const [command = '', ...rest] = connectingBy('bash', ['sh', '-c', show, 'show', ...nasty]);
    const { stdout } = spawnSync(command, rest, { encoding: 'utf8' });
    expect(stdout).to.equal(`<bash>${nasty.map((one) => `<${one}>`).join('')}`);
  });
});
