import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { createEvidence, type EvidenceOptions, type Subject } from '../../../src/evidence/index.ts';
import type { Client, KubeObject } from '../../../src/kube/index.ts';
import { keepSecret } from '../../../src/secrets.ts';
import { fakeClient } from '../deploy/fake-client.ts';
import { endpoint } from '../probe/fake-targets.ts';
import { expectedOf, seen, stepOf } from '../report/sample-run.ts';
import { inFolder } from '../scripts/temporary-folder.ts';

const SECRET = 'hunter2-hunter2';
keepSecret(SECRET);

const observed = [seen(['prod/client', 'prod/web', '80/TCP', 'dropped'])];
const { cells } = stepOf(observed, expectedOf(observed, { 'prod/client > prod/web 80/TCP': 'allow' }));
const placed = {
  endpoints: new Map(['prod/client', 'prod/web', 'prod/db'].map((name, at) => [name, endpoint(name, at, [])])),
  namespaces: ['prod-x7k2a'],
};
const subject: Subject = { scenario: 'deny', step: 'deny', status: 'fail', cells, placed };

const secretive = { annotations: { note: 'from-an-annotation' }, managedFields: [{ manager: 'from-a-manager' }] };

const OBJECTS: Readonly<Record<string, readonly object[]>> = {
  '/apis/networking.k8s.io/v1/namespaces/prod-x7k2a/networkpolicies': [
    { metadata: { name: 'deny', ...secretive }, spec: { podSelector: { matchLabels: { app: 'web' } } } },
  ],
  '/api/v1/namespaces/prod-x7k2a/pods': [
    {
      metadata: { name: 'web', namespace: 'prod-x7k2a', labels: { app: 'web' }, ...secretive },
      spec: {
        nodeName: 'n1',
        volumes: [{ secret: { secretName: 'from-a-volume' } }],
        containers: [{ name: 'web', env: [{ name: 'KEY', value: 'from-an-environment' }], args: ['from-an-argument'] }],
      },
      status: { phase: 'Running', podIP: '10.0.0.2' },
    },
  ],
  '/api/v1/namespaces/prod-x7k2a/events': [
    {
      metadata: { name: 'e' },
      ...{ type: 'Warning', reason: 'Failed', message: `no\n\x1b[31m${SECRET}`, lastTimestamp: '2026-01-01T00:00:00Z' },
      involvedObject: { kind: 'Pod', namespace: 'prod-x7k2a', name: 'web' },
    },
  ],
  '/api/v1/nodes': ['n1', 'n2'].map((name) => ({
    metadata: { name, ...secretive },
    status: { nodeInfo: { machineID: `id-of-${name}` } },
  })),
  '/api/v1/pods': [{ metadata: { name: 'calico-node-1', namespace: 'kube-system' }, spec: { nodeName: 'n1' } }],
};

const listed = (path: string) => (OBJECTS[path] ?? []) as readonly KubeObject[];

const cluster = (changes: Partial<Client> = {}): Client =>
  fakeClient({
    list: async (path) => listed(path),
    get: async (path) => ({ metadata: { name: path.split('/').at(-1) ?? '', labels: { team: 'a' } } }),
    log: async ({ namespace, pod, container }) => `${namespace}/${pod}/${container}\npassword=x\n`,
    ...changes,
  });

const notes: string[] = [];

const evidenceIn = (folder: string, changes: Partial<EvidenceOptions> = {}) =>
  createEvidence({
    client: cluster(),
    folder,
    runId: 'r1',
    progress: { note: (text) => void notes.push(text) },
    signal: new AbortController().signal,
    now: () => new Date('2026-11-27T01:02:03Z'),
    runInNode: async ({ name, machineId }, _argv, end) =>
      // `printf prod-x7k2a.web | sha1sum`
      `# iptables-nft-save\n[1:60] -A cali-tw-cali47301619ac9 -j DROP\n# of ${name} ${machineId}\n${end}`,
    ...changes,
  });

const filesIn = async (folder: string) => {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  const files = await Promise.all(
    paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const),
  );
  return Object.fromEntries(files);
};

const RUN = '20261127-010203-r1';

describe('evidence', () => {
  beforeEach(() => void notes.splice(0));

  it('is a folder of the step, with what was asked of the cluster and an index', () =>
    inFolder({}, async (folder) => {
      expect(await evidenceIn(folder).collect(subject)).to.equal(join(folder, RUN, 'deny'));
      const files = await filesIn(join(folder, RUN));
      expect(Object.keys(files)).to.have.members([
        ...['INDEX.txt', 'deny/INDEX.txt', 'deny/policies.yaml', 'deny/namespaces.yaml', 'deny/pods.yaml'],
        ...['deny/events.txt', 'deny/nodes.yaml', 'deny/agent-logs/n1.log', 'deny/agent-rules/n1.txt'],
      ]);
      expect(files['deny/INDEX.txt']).to.match(
        /^deny\nmismatch: prod\/client -> prod\/web 80\/TCP: expected allow, seen dropped\n\npolicies\.yaml /,
      );
      expect(files['INDEX.txt']).to.include('\ndeny/\n  deny\n  mismatch: ');
      expect(files['deny/policies.yaml']).to.equal(
        '---\nmetadata:\n  name: deny\nspec:\n  podSelector:\n    matchLabels:\n      app: web\n',
      );
      expect(files['deny/events.txt']).to.equal(
        '2026-01-01T00:00:00Z  Warning  Pod prod-x7k2a/web  Failed: no \\x1b[31m[secret]\n',
      );
      expect(files['deny/nodes.yaml']).to.contain('name: n1').and.not.to.contain('name: n2');
      expect(files['deny/agent-logs/n1.log']).to.contain('kube-system/calico-node-1/calico-node');
      expect(files['deny/agent-rules/n1.txt']).to.contain('-A cali-tw-cali47301619ac9 -j DROP');
      expect(Object.values(files).join('\n')).not.to.match(/from-an?-|hunter2|password/);
    }));

  it('is of all that the run created, and of the nodes there, if its pods did not come up', () =>
    inFolder({}, async (folder) => {
      const asked: (string | undefined)[] = [];
      const client = cluster({
        list: async (path, { labelSelector } = {}) => {
          if (path !== '/api/v1/namespaces') return listed(path);
          asked.push(labelSelector);
          return [{ metadata: { name: 'prod-x7k2a' } }];
        },
      });
      const broken: Subject = { scenario: 'a', step: 'a', status: 'error', cells: [], problem: 'no pods' };
      await evidenceIn(folder, { client }).collect(broken);
      const files = await filesIn(join(folder, RUN, 'a'));
      expect(asked).to.deep.equal(['podreach/run=r1']);
      expect(files['INDEX.txt'])
        .to.match(/^a\nerror: no pods\n\npolicies\.yaml /)
        .and.not.to.contain('Not collected');
      expect(files).to.include.keys('pods.yaml', 'agent-logs/n1.log', 'agent-rules/n1.txt');
    }));

  it('says what is missing, and why, and has the rest', () =>
    inFolder({}, async (folder) => {
      const client = cluster({
        log: async () => {
          throw new PodreachError('the API server refused to get it: 403 Forbidden\nsecond line');
        },
      });
      const runInNode = async () => {
        throw new PodreachError('n1 is not a kind container on this machine');
      };
      await evidenceIn(folder, { client, runInNode }).collect(subject);
      const files = await filesIn(join(folder, RUN, 'deny'));
      expect(files).to.include.keys('policies.yaml').and.not.to.include.keys('agent-logs/n1.log');
      expect(files['INDEX.txt']).to.contain(
        'Not collected:\n' +
          'agent-logs/n1.log, because the API server refused to get it: 403 Forbidden\n' +
          'agent-rules/n1.txt, because n1 is not a kind container on this machine\n',
      );
    }));

  it('leaves no empty log, such as one that has just been rotated', () =>
    inFolder({}, async (folder) => {
      await evidenceIn(folder, { client: cluster({ log: async () => '\n' }) }).collect(subject);
      const files = await filesIn(join(folder, RUN, 'deny'));
      expect(files).not.to.include.keys('agent-logs/n1.log');
      expect(files['INDEX.txt']).to.match(/\nagent-logs\/n1\.log, because the log has no line .* rotated it\n/);
    }));

  it('does not wait for a cluster that does not answer, and less and less for the next steps', () =>
    inFolder({}, async (folder) => {
      const client = cluster({ list: () => new Promise(() => {}) });
      const evidence = evidenceIn(folder, { client, limits: { stepMs: 20, runMs: 20 } });
      expect(await evidence.collect(subject)).to.equal(join(folder, RUN, 'deny'));
      const { 'deny/INDEX.txt': index } = await filesIn(join(folder, RUN));
      expect(index).to.contain('policies.yaml, because it took too long');
      expect(await evidence.collect({ ...subject, step: 'next' })).to.equal(undefined);
    }));

  it('ends at once with the run, and begins nothing after', () =>
    inFolder({}, async (folder) => {
      const interruption = new AbortController();
      const { signal } = interruption;
      const client = cluster({ list: () => new Promise(() => {}) });
      const evidence = evidenceIn(folder, { client, signal });
      const collecting = evidence.collect(subject);
      interruption.abort();
      await collecting;
      expect(await evidence.collect(subject)).to.equal(undefined);
      await evidence.finish();
    }));

  it('is limited to so many steps, and says so', () =>
    inFolder({}, async (folder) => {
      const evidence = evidenceIn(folder, { limits: { steps: 1 } });
      expect(await evidence.collect(subject)).to.be.a('string');
      for (const step of ['two', 'three']) expect(await evidence.collect({ ...subject, step })).to.equal(undefined);
      await evidence.finish();
      const { 'INDEX.txt': index = '' } = await filesIn(join(folder, RUN));
      expect(index.match(/more steps did not pass; evidence is limited to 1 step\b/g)).to.have.length(1);
    }));

  it('is a remark, once, if it can not be written', () =>
    inFolder({ taken: '' }, async (folder) => {
      const evidence = evidenceIn(join(folder, 'taken'));
      expect(await evidence.collect(subject)).to.equal(undefined);
      expect(await evidence.collect(subject)).to.equal(undefined);
      await evidence.finish();
      expect(notes).to.have.length(1);
      expect(notes[0]).to.contain('evidence could not be written').and.not.to.contain('bug');
    }));

  it('has folders with names that every file system takes, each its own', () =>
    inFolder({}, async (folder) => {
      const evidence = evidenceIn(folder);
      const names = ['../../etc', 'Ä/\0', 'etc', 'etc', 'x'.repeat(300)];
      const paths = [];
      for (const scenario of names) paths.push(await evidence.collect({ ...subject, scenario, step: scenario }));
      expect(paths.map((path) => path?.slice(folder.length + RUN.length + 2))).to.deep.equal([
        ...['etc', 'unnamed', 'etc-2', 'etc-3', 'x'.repeat(60)],
      ]);
    }));

  it('has the ends of the logs that kind exports, and not what Docker says of the nodes', () =>
    inFolder({}, async (folder) => {
      const exportLogs = async (target: string) => {
        await mkdir(join(target, 'n1/containers'), { recursive: true });
        await writeFile(join(target, 'n1/kubelet.log'), 'synced\n');
        await writeFile(join(target, 'n1/containers/calico-node-1_kube-system_calico-node-1.log'), 'felix\n');
        await writeFile(join(target, 'n1/containers/web_shop_web-1.log'), 'of somebody\n');
        await writeFile(join(target, 'n1/inspect.json'), '{"Env": []}\n');
        throw new PodreachError('kind exited with 1');
      };
      const evidence = evidenceIn(folder, { exportLogs });
      await evidence.finish();
      expect(await readdir(folder)).to.deep.equal([]);
      await evidence.collect(subject);
      await evidence.finish();
      const logs = await filesIn(join(folder, RUN, 'cluster-logs'));
      expect(logs).to.deep.equal({
        'n1/kubelet.log': 'synced\n',
        'n1/containers/calico-node-1_kube-system_calico-node-1.log': 'felix\n',
      });
      expect(notes).to.deep.equal([`evidence of what did not pass: ${join(folder, RUN)}`]);
    }));
});
