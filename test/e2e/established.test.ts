import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { type Client, connect, pathOf } from '../../src/kube/index.ts';
import { keptKubeconfig, removeCopies, runJson, temporaryFolder } from './door.ts';

const scenarioIn = (name: string): string => `name: connections that are cut
namespaces:
  ${name}: {pods: {web: {ports: [80, 53/UDP]}, mortal: {ports: [8080]}, client: {}}}
policies: []
expect: {default: allow}
steps:
  - name: denied
    apply: [deny.yaml]
    established:
      - {from: ${name}/client, to: ${name}/web, port: 80, expect: stalls, for: 4s}
      - {from: ${name}/client, to: ${name}/web, port: 53/UDP, expect: stops, for: 4s}
      - {from: ${name}/client, to: ${name}/mortal, port: 8080, expect: stops, for: 4s}
    expect: {default: deny}
  - name: removed
    delete: [deny.yaml]
    established:
      - {from: ${name}/client, to: ${name}/web, port: 53/UDP, expect: flows, for: 1s}
    expect: {default: allow}
`;
const denyIn = (name: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: ${name}}
spec: {podSelector: {}, policyTypes: [Ingress]}
`;

/** Ends the servers of a pod. */
const KILL = `for process in /proc/[0-9]*; do
  read -r name <"$process/comm" && [ "$name" = agnhost ] && kill -KILL "\${process##*/}"
done`;

/** Has a node forget what a pod holds open to web, whichever end the kernel took for the first. */
const FORGET = `for port in 'tcp 80' 'udp 53'; do
  set -- "$1" $port
  conntrack -D -p "$2" --dport "$3" -s "$1"
  conntrack -D -p "$2" --sport "$3" -d "$1"
done`;

/**
 * Once the deny is there, and until it goes: the server of mortal dies, and the nodes forget the connections of web. They
 * do so again and again, because what they forget before the deny is in force is let through anew.
 */
const cut = async (client: Client, name: string, signal: AbortSignal): Promise<void> => {
  const ownIn = async (kind: 'NetworkPolicy' | 'Pod') =>
    (await client.list(pathOf(kind))).filter(({ metadata }) => metadata.namespace?.startsWith(`${name}-`));
  const isDenied = async () => !signal.aborted && (await ownIn('NetworkPolicy')).length > 0;
  while (!(await isDenied())) {
    if (signal.aborted) return;
    await sleep(50);
  }
  const pods = await ownIn('Pod');
  const target = { namespace: pods[0]?.metadata.namespace ?? '', pod: 'mortal', container: 'probe' };
  // The pod ends with its server, and the exec with the pod.
  const killed = client.exec(target, ['sh', '-c', KILL], { deadlineMs: 20_000 }).catch(() => undefined);
  const source = pods.find(({ metadata }) => metadata.name === 'client');
  const { podIP } = (source?.status ?? {}) as { podIP?: string };
  if (podIP === undefined) throw new Error('the client has no address');
  const nodes = (await client.list(pathOf('Node'))).map(({ metadata }) => metadata.name);
  while (await isDenied()) {
    await Promise.all(
      nodes.map((node) => execa('docker', ['exec', node, 'sh', '-c', FORGET, 'forget', podIP], { reject: false })),
    );
    await sleep(500);
  }
  await killed;
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

const ATTEMPTS = 3;
const isUnknownOfWeb = (one: string): boolean => /^(?:80|53) (?:server|unproven)$/.test(one);

describe('connections that are open before a change', () => {
  let client: Client;

  before(async () => {
    client = connect(await keptKubeconfig());
  });
  after(async () => {
    client.close();
    await removeCopies();
  });

  /** One run of it, in a namespace that no earlier one may have left. */
  const seenOnce = async () => {
    const name = `held-${randomBytes(3).toString('hex')}`;
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'scenario.yaml'), scenarioIn(name));
    await writeFile(join(folder, 'deny.yaml'), denyIn(name));
    const over = new AbortController();
    const [run] = await Promise.all([runJson(folder).finally(() => over.abort()), cut(client, name, over.signal)]);
    return { run, seen: seenIn(run) };
  };

  it('fall silent once their nodes have forgotten them, come back, and say nothing when their server dies', async () => {
    let { run, seen } = await seenOnce();
    // A machine that stands still for a second shows nothing of the connections to web, and the run says so.
    for (let tried = 1; seen.flat().some(isUnknownOfWeb) && tried < ATTEMPTS; tried += 1)
      ({ run, seen } = await seenOnce());
    expect(seen, run.all).to.deep.equal([
      [],
      ['80 flows silent', '53 flows silent', '8080 server'],
      ['53 silent flows'],
    ]);
    expect(run.exitCode).to.equal(2);
  });
});
