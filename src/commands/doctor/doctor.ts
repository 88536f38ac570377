import {
  type HostSurvey,
  isAtLeast,
  minimums,
  plan,
  surveyHost,
  type Topic,
  wrapperRuntime,
} from '../../host/index.ts';

/** `missing` keeps podreach from running; `warning` is worth knowing. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'missing';
  readonly found: string;
  readonly cures: readonly string[];
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const engineText = ({ engine }: HostSurvey): string =>
  ({ answers: engine.version ?? 'answers', denied: 'this user is not allowed to use it', silent: 'does not answer' })[
    engine.state
  ];

const capabilityText = ({ engine, resourceCapability }: HostSurvey): string => {
  if (engine.daemon?.resourceCapability ?? resourceCapability) return 'CAP_SYS_RESOURCE is available';
  if (engine.runtime === wrapperRuntime) return 'CAP_SYS_RESOURCE is missing, but the Engine works without it';
  return 'CAP_SYS_RESOURCE is missing';
};

/** What the plan for the host decides; the doctor only shows it. */
const judged = (survey: HostSurvey): readonly Check[] => {
  const { goVersion, imageSource, inotify, nodeVersion, platform } = survey;
  // The plan of a user who is not root, because it explains everything to a person.
  const lacks = plan({ ...survey, root: false }).flatMap((action) =>
    action.kind === 'ask' || action.kind === 'advise' ? [action] : [],
  );
  const row = (topic: Topic, name: string, found: string): Check => {
    const about = lacks.filter((action) => action.topic === topic);
    const state = about.some(({ kind }) => kind === 'ask') ? 'missing' : about.length > 0 ? 'warning' : 'ok';
    return { name, state, found, cures: about.map(({ why, cure }) => `${why}: ${cure}`) };
  };
  const limits = inotify && `${inotify.max_user_watches} watches, ${inotify.max_user_instances} instances`;
  return [
    row('node', 'Node.js', nodeVersion),
    row('engine', 'Docker Engine', engineText(survey)),
    ...(platform === 'linux' ? [row('runtime', 'container runtime', capabilityText(survey))] : []),
    ...(limits ? [row('limits', 'inotify limits', limits)] : []),
    row('images', 'images', imageSource === 'build' ? 'built on this machine' : 'pulled from their registries'),
    row('packages', 'packages', [...survey.programs].join(', ') || 'none'),
    row('go', 'Go', goVersion ?? 'not on PATH'),
  ];
};

const check = (name: string, found: string, state: Check['state'], cure: string): Check => ({
  name,
  state,
  found,
  cures: state === 'ok' ? [] : [cure],
});

/** Every check of a survey, in the order in which they are printed. */
export const checksOf = (survey: HostSurvey): readonly Check[] => {
  const { cgroupVersion, freeDiskBytes, imageSource, kindVersion, memoryBytes, sctp } = survey;
  const recentKind = kindVersion !== null && isAtLeast(kindVersion, minimums.kind);
  const enough = (bytes: number, minimum: number) => (bytes >= minimum ? 'ok' : 'missing');
  const cgroupFits = cgroupVersion !== 1 || imageSource === 'build';
  return [
    ...judged(survey),
    check('kind', recentKind ? kindVersion : `${kindVersion ?? 'not on PATH'}; podreach builds its own`, 'ok', ''),
    check(
      'cgroups',
      cgroupVersion === null ? 'the Engine has its own' : `version ${cgroupVersion}`,
      cgroupFits ? 'ok' : 'missing',
      "the kubelet in kind's default node image needs version 2: let podreach build the images (--images build)",
    ),
    check(
      'free disk',
      gigabytes(freeDiskBytes),
      enough(freeDiskBytes, minimums.freeDiskBytes),
      `images and nodes need ${gigabytes(minimums.freeDiskBytes)}: docker system df shows what uses the space`,
    ),
    check(
      'memory',
      gigabytes(memoryBytes),
      enough(memoryBytes, minimums.memoryBytes),
      `a cluster needs ${gigabytes(minimums.memoryBytes)}: give this machine, or Docker's virtual machine, more`,
    ),
    ...(sctp === null
      ? []
      : [
          check(
            'SCTP',
            sctp ? 'available' : 'not in this kernel',
            sctp ? 'ok' : 'warning',
            'SCTP probes are reported as unsupported, never as blocked; only another kernel helps',
          ),
        ]),
  ];
};

const lines = ({ name, state, found, cures }: Check): readonly string[] => [
  `  ${state.padEnd(8)} ${name.padEnd(18)} ${found}`,
  ...cures.map((cure) => `${' '.repeat(11)}- ${cure}`),
];

/** The checks as text for people; `ok` if nothing is missing. `selfCured`: npm start fixes it. */
export const diagnosis = (checks: readonly Check[], selfCured: boolean): { text: string; ok: boolean } => {
  const ok = checks.every(({ state }) => state !== 'missing');
  const verdict = ok
    ? 'podreach can run on this machine.'
    : `podreach can't run on this machine yet.${selfCured ? ' npm start fixes this by itself.' : ''}`;
  return { text: [...checks.flatMap(lines), '', verdict, ''].join('\n'), ok };
};

/** Looks at this machine without changing it, and says what podreach needs and what is missing, with the cures. */
export const doctor = async (): Promise<{ text: string; ok: boolean }> => {
  const survey = await surveyHost();
  const checks = checksOf(survey);
  const byPlan = new Set(judged(survey).map(({ name }) => name));
  const selfCured =
    plan(survey).every(({ kind }) => kind !== 'ask') &&
    checks.every(({ name, state }) => state !== 'missing' || byPlan.has(name));
  return diagnosis(checks, selfCured);
};
