import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { END_ARGV, ephemeralPatch, ephemeralState } from '../../../src/attach/ephemeral-container.ts';
import type { ExistingObject } from '../../../src/attach/existing-pod.ts';
import type { ContainerState } from '../../../src/kube/pod-state.ts';
import { podObject } from './fake-cluster.ts';

const container = { name: 'podreach-abc', image: 'probe:1', lifetimeSeconds: 300 };

interface Added {
  readonly command: readonly string[];
  readonly securityContext: object;
  readonly [key: string]: unknown;
}

const added = (lifetimeSeconds = 300): Added => {
  const patch = ephemeralPatch({ uid: 'uid-1' }, { ...container, lifetimeSeconds });
  const [one, ...others] = (patch as { spec: { ephemeralContainers: Added[] } }).spec.ephemeralContainers;
  if (!one || others.length > 0) throw new Error('not one container');
  return one;
};

describe('ephemeralPatch', () => {
  it('is for one pod alone, and adds nothing but the container', () => {
    const patch = ephemeralPatch({ uid: 'uid-1' }, container) as { metadata: object; spec: object };
    expect(patch.metadata).to.deep.equal({ uid: 'uid-1' });
    expect(Object.keys(patch)).to.have.members(['metadata', 'spec']);
    expect(Object.keys(patch.spec)).to.deep.equal(['ephemeralContainers']);
    expect(added()).to.deep.include({ name: 'podreach-abc', image: 'probe:1' });
  });

  // kubernetes.io/docs/concepts/security/pod-security-standards, the restricted profile.
  it('passes the restricted profile, whatever the pod says', () => {
    expect(added().securityContext).to.deep.include({
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
      readOnlyRootFilesystem: true,
    });
    expect(added().securityContext).to.have.property('runAsUser').that.is.a('number').above(0);
    expect(added().securityContext).not.to.have.property('privileged');
  });

  it('shares the processes of no container, and has none of what the API server forbids', () => {
    expect(added()).not.to.have.any.keys('targetContainerName', 'ports', 'resources', 'livenessProbe', 'lifecycle');
  });

  // kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container
  it('has nothing in its command that Kubernetes would expand', () => {
    for (const part of added().command) expect(part).not.to.match(/\$[$(]/);
    expect(added().command.at(-1)).to.equal('300');
  });
});

describe('the command of an ephemeral container', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'podreach-ephemeral-'));
  const notes = path.join(folder, 'notes');
  after(() => rmSync(folder, { recursive: true }));

  /** The command with its file in a temporary folder. */
  const here = (argv: readonly string[]) => argv.map((part) => part.replaceAll('/dev/termination-log', notes));
  const begin = (argv: readonly string[]) => {
    const [command = '', ...rest] = here(argv);
    const child = spawn(command, rest, { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { child, ended };
  };
  const text = () => {
    try {
      return readFileSync(notes, 'utf8').trim();
    } catch {
      return '';
    }
  };
  const until = async (isSo: () => boolean) => {
    for (const end = Date.now() + 5000; !isSo() && Date.now() < end; ) await sleep(10);
  };

  it('ends when it is told to, and leaves no process behind', async () => {
    const { child, ended } = begin(added().command);
    await until(() => text() !== '');
    expect(text()).to.equal(String(child.pid));
    const sleeper = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    expect(sleeper).to.match(/^\d+$/);
    expect(await begin(END_ARGV).ended).to.equal(0);
    expect(await ended).to.equal(0);
    expect(text()).to.equal('podreach: done');
    expect(() => process.kill(Number(sleeper), 0)).to.throw('ESRCH');
  });

  it('ends by itself when its time is over', async () => {
    const startMs = Date.now();
    expect(await begin(added(0.2).command).ended).to.equal(0);
    expect(Date.now() - startMs).to.be.at.least(180);
    expect(text()).to.equal('podreach: its time is up');
  });
});

describe('ephemeralState', () => {
  const name = 'podreach-abc';
  const pod = { uid: 'uid-of-web' };
  const withState = (state: ContainerState | null): ExistingObject => {
    const { spec, status } = podObject('prod/web');
    const other = { name: 'debugger', state: { running: {} } };
    return podObject('prod/web', {
      spec: { ...spec, ephemeralContainers: [{ name: 'debugger' }, { name }] },
      status: { ...status, ephemeralContainerStatuses: [other, ...(state ? [{ name, state }] : [])] },
    });
  };
  const phaseOf = (object: ExistingObject | undefined) => ephemeralState(pod, object, name).phase;

  it('reports what runs, waits, has ended or never will run', () => {
    expect(phaseOf(withState({ running: {} }))).to.equal('running');
    expect(phaseOf(withState({ terminated: { reason: 'Completed' } }))).to.equal('ended');
    expect(phaseOf(withState({ waiting: { reason: 'ContainerCreating' } }))).to.equal('waiting');
    expect(phaseOf(withState(null))).to.equal('waiting');
  });

  // What a kubelet says of an image that it does not get (pkg/kubelet/images/types.go).
  for (const reason of [
    'ErrImagePull',
    'ImagePullBackOff',
    'ErrImageNeverPull',
    'InvalidImageName',
    'ImageInspectError',
    'RegistryUnavailable',
  ])
    it(`does not wait for an image after ${reason}`, () => {
      expect(phaseOf(withState({ waiting: { reason } }))).to.equal('failed');
    });

  it('takes no other container for it', () => {
    expect(phaseOf(podObject('prod/web'))).to.equal('absent');
  });

  it('knows that it is over with a pod that is gone, replaced or leaving', () => {
    const { metadata } = podObject('prod/web');
    const running = withState({ running: {} });
    expect(phaseOf(undefined)).to.equal('ended');
    expect(phaseOf({ ...running, metadata: { ...metadata, uid: 'uid-9' } })).to.equal('ended');
    expect(phaseOf({ ...running, metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } })).to.equal(
      'ended',
    );
  });

  it("reports the kubelet's reason, at a bearable length", () => {
    const { why } = ephemeralState(
      pod,
      withState({ waiting: { reason: 'ErrImagePull', message: 'x'.repeat(5000) } }),
      name,
    );
    expect(why).to.match(/^ErrImagePull, x+…$/);
    expect(why).to.have.length.below(250);
  });
});
