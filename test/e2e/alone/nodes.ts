/** What tests do on nodes behind podreach's back. */
import { execa } from 'execa';
import type { Deployment } from '../../../src/deploy/index.ts';

/** The node and the address of a pod. */
export const placeOf = (deployment: Deployment, name: string) => {
  const end = deployment.endpoints.get(name);
  if (!end || !('node' in end)) throw new Error(`${name} is no pod`);
  return { node: end.node, address: end.addresses[0] ?? '' };
};

/** Stops the process that programs the policies of a node where it stands, or has it go on. */
export const signalFelix = (node: string, signal: 'STOP' | 'CONT') =>
  execa('docker', ['exec', node, 'sh', '-c', `kill -${signal} $(pgrep -f '^calico-node -felix')`]);

/** The recorder in a pod of this node gets no processor time for a while. */
export const stopRecorder = (node: string) => {
  const script = 'own=$(pgrep -f ^/recorder); kill -STOP $own; sleep 0.4; kill -CONT $own';
  return execa('docker', ['exec', node, 'sh', '-c', script]);
};

const TABLE = 'podreach_test';

/** Commands for a table of nft with this rule, and with the addresses `@blocked`, which has none yet. */
export const tableWith = (rule: string): readonly string[] => [
  `add table inet ${TABLE}`,
  `delete table inet ${TABLE}`,
  `add table inet ${TABLE}`,
  `add set inet ${TABLE} blocked { type ipv4_addr; }`,
  `add chain inet ${TABLE} forward { type filter hook forward priority -300; }`,
  `add rule inet ${TABLE} forward ${rule}`,
];

/** A command that puts an address into the set, or takes it out. */
export const blocked = (action: 'add' | 'delete', address: string): string =>
  `${action} element inet ${TABLE} blocked { ${address} }`;

/** Runs commands of nft on a node; returns when that began and ended, by `performance.now()`. */
export const nftOn = async (node: string, ...commands: readonly string[]): Promise<readonly [number, number]> => {
  const script = `echo $EPOCHREALTIME; nft '${commands.join('; ')}' && echo $EPOCHREALTIME`;
  const { stdout } = await execa('docker', ['exec', node, 'bash', '-c', script]);
  // Not `timeOrigin`: the time of day may have been corrected since then.
  const originMs = Date.now() - performance.now();
  const [began = 0, ended = 0] = stdout.split('\n').map((text) => Number(text) * 1000 - originMs);
  return [began, ended];
};

export const removeTable = (node: string) =>
  execa('docker', ['exec', node, 'nft', 'delete', 'table', 'inet', TABLE], { reject: false });
