import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** A registry with TLS and a login, in a container on the nodes' network. */
export interface Registry {
  /** Host and port, as nodes and the Docker Engine of this machine reach it. */
  readonly host: string;
  /** Path of its authority's certificate. */
  readonly caFile: string;
  /** The value of DOCKER_CONFIG with which Docker is logged in. */
  readonly dockerConfig: string;
  readonly password: string;
  /** Names an image of the Engine anew, `repository:tag`, and pushes it. */
  push(image: string, as: string): Promise<void>;
  /** The requests that it served. */
  requests(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const SOURCES = fileURLToPath(new URL('.', import.meta.url));
const LABEL = 'podreach.test/registry';
const USER = 'tester';
const START_MS = 60_000;

/** Where what costs minutes is kept between runs: the program, and the layers that were pushed. */
const kept = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'podreach-test-registry');

const docker = async (...args: readonly string[]): Promise<string> => (await execa('docker', args)).stdout;

const buildProgram = async (): Promise<string> => {
  const program = join(kept, 'registry');
  const env = { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' };
  await execa('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', program, '.'], { cwd: SOURCES, env });
  return program;
};

/** Containers and images of test runs that were killed. */
const removeOld = async (): Promise<void> => {
  const filter = ['--filter', `label=${LABEL}`, '--quiet'];
  const containers = (await docker('ps', '--all', ...filter)).split('\n').filter(Boolean);
  if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
  const images = (await docker('images', ...filter)).split('\n').filter(Boolean);
  if (images.length > 0) await docker('rmi', '--force', ...images);
};

/**
 * Starts the registry. Its layers outlive it under the name `generation`; those of others go, because they are large.
 * The network `kind` must exist. Takes the right to write /etc/docker/certs.d, as an administrator has it who lets an
 * Engine use such a registry.
 */
export const startRegistry = async (generation: string): Promise<Registry> => {
  const images = join(kept, 'images', generation);
  await mkdir(images, { recursive: true });
  for (const other of await readdir(join(kept, 'images'))) {
    if (other !== generation) await rm(join(kept, 'images', other), { recursive: true });
  }
  await buildProgram();
  await removeOld();
  const id = randomBytes(4).toString('hex');
  const container = `podreach-test-registry-${id}`;
  const password = randomBytes(12).toString('hex');
  const folder = join(kept, `run-${id}`);
  await mkdir(folder);
  const tar = execa('tar', ['-C', kept, '-cf', '-', 'registry'], { buffer: false });
  const { stdout: image } = await execa('docker', ['import', '--change', `LABEL ${LABEL}=yes`, '-'], {
    input: tar.stdout,
  });
  await docker(
    ...['run', '--detach', '--name', container, '--label', `${LABEL}=yes`, '--network', 'kind'],
    ...['--volume', `${images}:/data/images`, '--env', `PASSWORD=${password}`, image, '/registry', '/data', USER],
  );
  const address = await docker('inspect', '--format', '{{.NetworkSettings.Networks.kind.IPAddress}}', container);
  const host = `${address}:5000`;
  const caFile = join(folder, 'ca.pem');
  await until(START_MS, () => docker('cp', `${container}:/data/ca.pem`, caFile));
  const trust = `/etc/docker/certs.d/${host}`;
  await mkdir(trust, { recursive: true });
  await writeFile(join(trust, 'ca.crt'), await readFile(caFile));
  const auth = Buffer.from(`${USER}:${password}`).toString('base64');
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }), { mode: 0o600 });
  const loggedIn = { env: { DOCKER_CONFIG: folder } };
  return {
    host,
    caFile,
    dockerConfig: folder,
    password,
    push: async (source, as) => {
      const target = `${host}/${as}`;
      await docker('tag', source, target);
      try {
        await execa('docker', ['push', '--quiet', target], loggedIn);
      } finally {
        await docker('rmi', target);
      }
    },
    requests: async () => {
      const { all } = await execa('docker', ['logs', container], { all: true });
      return all.split('\n').filter((line) => line.includes('http.request.method') || / "(GET|HEAD) /.test(line));
    },
    stop: async () => {
      await docker('rm', '--force', '--volumes', container);
      const pulled = await docker('images', '--format', '{{.Repository}}:{{.Tag}}');
      const ours = pulled.split('\n').filter((name) => name.startsWith(`${host}/`));
      await docker('rmi', '--force', image, ...ours);
      await rm(trust, { recursive: true });
      await rm(folder, { recursive: true });
    },
  };
};

/** Tries until it works; rejects with the last failure when the time is over. */
const until = async (limitMs: number, attempt: () => Promise<unknown>): Promise<void> => {
  const endMs = performance.now() + limitMs;
  for (;;) {
    try {
      return void (await attempt());
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await sleep(200);
    }
  }
};
