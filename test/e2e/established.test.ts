import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { type Client, connect, pathOf } from '../../src/kube/index.ts';
import { keptKubeconfig, removeCopies, runJson, temporaryFolder } from './door.ts';

/** Not those of an earlier run, which --keep may have left. */
const NAME = `held-${randomBytes(3).toString('hex')}`;

const SCENARIO = `name: connections that are cut
namespaces:
  ${NAME}: {pods: {web: {ports: [80, 53/UDP]}, mortal: {ports: [8080]}, client: {}}}
policies: []
expect: {default: allow}
steps:
  - name: denied
    apply: [deny.yaml]
    established:
      - {from: ${NAME}/client, to: ${NAME}/web, port: 80, expect: stalls, for: 4s}
      - {from: ${NAME}/client, to: ${NAME}/web, port: 53/UDP, expect: stops, for: 4s}
      - {from: ${NAME}/client, to: ${NAME}/mortal, port: 8080, expect: stops, for: 4s}
    expect: {default: deny}
  - name: removed
    delete: [deny.yaml]
    established:
      - {from: ${NAME}/client, to: ${NAME}/web, port: 53/UDP, expect: flows, for: 1s}
    expect: {default: allow}
`;
const DENY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: ${NAME}}
spec: {podSelector: {}, policyTypes: [Ingress]}
`;

/** Ends the servers of a pod. */
const KILL = `for process in /proc/[0-9]*; do
  read -r name <"$process/comm" && [ "$name" = agnhost ] && kill -KILL "\${process##*/}"
done`;

const ownIn = async (client: Client, kind: 'NetworkPolicy' | 'Pod') =>
  (await client.list(pathOf(kind))).filter(({ metadata }) => metadata.namespace?.startsWith(`${NAME}-`));

/** Once the deny is there: the server of mortal dies and, when it is in force, the nodes forget the connections of web. */
const cut = async (client: Client): Promise<void> => {
  while ((await ownIn(client, 'NetworkPolicy')).length === 0) await sleep(50);
  const pods = await ownIn(client, 'Pod');
  const target = { namespace: pods[0]?.metadata.namespace ?? '', pod: 'mortal', container: 'probe' };
  // The pod ends with its server, and the exec with the pod.
  const killed = client.exec(target, ['sh', '-c', KILL], { deadlineMs: 20_000 }).catch(() => undefined);
  await sleep(300);
  const source = pods.find(({ metadata }) => metadata.name === 'client');
  const { podIP } = (source?.status ?? {}) as { podIP?: string };
  if (podIP === undefined) throw new Error('the client has no address');
  const nodes = (await client.list(pathOf('Node'))).map(({ metadata }) => metadata.name);
  const forget = (...flow: readonly string[]) =>
    nodes.map((node) => execa('docker', ['exec', node, 'conntrack', '-D', ...flow, '-s', podIP], { reject: false }));
  await Promise.all([killed, ...forget('-p', 'tcp', '--dport', '80'), ...forget('-p', 'udp', '--dport', '53')]);
};

/** What became of the connections of each step. */
const seenIn = ({ report }: Awaited<ReturnType<typeof runJson>>): readonly (readonly string[])[] =>
  report.scenarios.flatMap(({ steps }) =>
    steps.map(({ established }) =>
      (established?.connections ?? []).map(
        ({ port, turns, broken }) => `${port} ${broken?.kind ?? turns.map(({ state }) => state).join(' ')}`,
      ),
    ),
  );

describe('connections that are open before a change', () => {
  let client: Client;

  before(async () => {
    client = connect(await keptKubeconfig());
  });
  after(async () => {
    client.close();
    await removeCopies();
  });

  it('fall silent once their nodes have forgotten them, come back, and say nothing when their server dies', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'scenario.yaml'), SCENARIO);
    await writeFile(join(folder, 'deny.yaml'), DENY);
    const [run] = await Promise.all([runJson(folder), cut(client)]);
    expect(seenIn(run), run.all).to.deep.equal([
      [],
      ['80 flows silent', '53 flows silent', '8080 server'],
      ['53 silent flows'],
    ]);
    expect(run.exitCode).to.equal(2);
  });
});
