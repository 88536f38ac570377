import { isAtLeast } from '../version.ts';
import type { Topic } from './action.ts';
import { type HostFacts, minimums, wrapperPath } from './facts.ts';

/** Images, or at least kind, are built here: both need Go. */
const buildsWithGo = (facts: HostFacts) =>
  facts.imageSource === 'build' || facts.kindVersion === null || !isAtLeast(facts.kindVersion, minimums.kind);

/** From 1.21 on Go downloads the release that a go.mod requires, unless that is disabled. */
const hasGo = ({ goVersion, goSwitches }: HostFacts) =>
  goVersion !== null && isAtLeast(goVersion, goSwitches ? minimums.switchingGo : minimums.go);

/** What only a person can fix, each as [topic, why, cure]. */
export const questions = (facts: HostFacts): readonly (readonly [Topic, string, string])[] => {
  const { engine, goVersion, platform } = facts;
  // Without the client nothing is known about the Engine.
  const silent = engine.state === 'silent' && facts.programs.has('docker');
  const capable = engine.daemon?.resourceCapability ?? true;
  const asked: readonly (readonly [boolean, Topic, string, string])[] = [
    [
      !isAtLeast(facts.nodeVersion, minimums.node),
      'node',
      `Node.js ${facts.nodeVersion} is too old`,
      `start podreach through npm, which brings its own Node.js, or install Node.js ${minimums.node} or later`,
    ],
    [
      engine.state === 'denied',
      'engine',
      'the Docker Engine is running, but this user is not allowed to use it',
      'sudo usermod -aG docker "$USER", then log in again',
    ],
    [
      silent && engine.elsewhere,
      'engine',
      'the Docker Engine that DOCKER_HOST or the docker context names does not answer',
      'start it, or unset DOCKER_HOST and run docker context use default',
    ],
    [
      silent && !engine.elsewhere && engine.daemon !== null,
      'engine',
      `dockerd is running (process ${engine.daemon?.pid}) but does not answer`,
      'look at its log, or stop it and start it again',
    ],
    [
      engine.state === 'answers' && engine.runtime === 'runc' && !capable,
      'runtime',
      "the Docker Engine runs without CAP_SYS_RESOURCE, so it can't start the nodes of a cluster",
      facts.systemd
        ? `install scripts/host/runc-clamped as ${wrapperPath}, make it the default-runtime in /etc/docker/daemon.json, and restart docker`
        : 'stop dockerd; podreach then starts it with a runtime that works without it',
    ],
    [
      buildsWithGo(facts) && !hasGo(facts),
      'go',
      goVersion === null ? 'Go is not on PATH' : `Go ${goVersion} is too old`,
      `install Go ${minimums.go} or later: https://go.dev/doc/install`,
    ],
    [
      platform !== 'linux' && facts.imageSource === 'build',
      'images',
      'no image registry can be reached, and images are built only on Debian and Ubuntu',
      'make docker.io, quay.io and registry.k8s.io reachable',
    ],
    [
      platform !== 'linux' && engine.state === 'silent' && !engine.elsewhere,
      'engine',
      'the Docker Engine is not running',
      'start Docker Desktop, or another Docker Engine: https://docs.docker.com/engine/install/',
    ],
  ];
  return asked.flatMap(([holds, ...question]) => (holds ? [question] : []));
};
