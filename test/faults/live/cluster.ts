import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { inCluster, type KeptCluster, keptCluster } from '../../../scripts/soak/leftovers.ts';
import { podreach, start } from '../../e2e/door.ts';

/** The kept cluster that the live tests share, brought up where it is not. */
export const liveCluster = async (): Promise<KeptCluster> => {
  const { stdout, all } = await podreach('cluster', 'up');
  const name = /^cluster (\S+) is up/v.exec(stdout)?.[1];
  if (name === undefined) throw new Error(`the cluster is not up:\n${all}`);
  return keptCluster(name);
};

/** A shell that waits in a container for what it is to do, so that doing it takes no time. */
export const shellIn = (container: string): { run(command: string): void; end(): Promise<void> } => {
  const shell = spawn('docker', ['exec', '--interactive', container, 'sh'], { stdio: ['pipe', 'ignore', 'inherit'] });
  return {
    run: (command) => void shell.stdin.write(`${command}\n`),
    end: async () => {
      shell.stdin.end();
      if (shell.exitCode === null) await once(shell, 'exit');
    },
  };
};

/** Resolves with the cluster's name of the namespace as soon as a policy of this name is in force. */
export const policyInForce = (cluster: KeptCluster, policy: string): { namespace: Promise<string>; end(): void } => {
  const watch: ChildProcess = spawn(
    'docker',
    [
      ...['exec', cluster.controlPlane, 'kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'],
      ...['get', 'networkpolicies', '--all-namespaces', '--watch', '--no-headers'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const namespace = new Promise<string>((resolve) => {
    watch.stdout?.on('data', (chunk) => {
      const found = new RegExp(`^(\\S+) +${policy} `, 'mv').exec(String(chunk))?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return { namespace, end: () => void watch.kill() };
};

export const kubectl = inCluster;

type Running = ReturnType<typeof start>;

/** Resolves when a run has said something on standard error. */
export const hasSaid = (running: Running, words: RegExp): Promise<void> =>
  new Promise((resolve, reject) => {
    let text = '';
    running.stderr.on('data', (chunk) => {
      text += String(chunk);
      if (words.test(text)) resolve();
    });
    running.stderr.on('end', () => reject(new Error(`it ended without saying ${words}:\n${text}`)));
  });
