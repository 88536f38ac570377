/** The jobs that `podreach init --ci gitlab` writes. */
import { type CiFile, type CiPaths, type CiProject, pathWords } from './project.ts';
import { CALICO_VERSIONS, KUBERNETES_VERSIONS } from './versions.ts';

const GITLAB_JOBS = '.gitlab/podreach.yml';
const GITLAB_MAIN = '.gitlab-ci.yml';

const GITLAB_INCLUDE = `include: [{local: ${GITLAB_JOBS}}]`;

/** GitLab reads one file, which may be there already and then only has to name the other. */
export const gitlabFiles = (project: CiProject, paths: CiPaths): readonly CiFile[] => [
  { path: GITLAB_JOBS, text: jobs(project, paths) },
  { path: GITLAB_MAIN, text: `${GITLAB_INCLUDE}\n`, unlessThere: `add to ${GITLAB_MAIN}: ${GITLAB_INCLUDE}` },
];

/** Quoted for YAML, because a shell's quotes and colons mean something there. */
const script = (...lines: readonly string[]): string => lines.map((line) => `\n    - ${JSON.stringify(line)}`).join('');

const jobs = (project: CiProject, { scenarios, manifests }: CiPaths): string => {
  const install = project.installed ? ['npm ci --prefer-offline'] : [];
  const key = project.installed ? '{files: [package-lock.json]}' : `podreach-${project.version}`;
  return `\
# Written by \`podreach init --ci gitlab\`. A merge request: what it changes, and whether the scenarios hold by the
# specification. A schedule: whether they hold on real clusters.
.podreach:
  variables: {npm_config_cache: $CI_PROJECT_DIR/.npm}
  cache: {key: ${key}, paths: [.npm/]}

podreach:
  extends: .podreach
  image: node:24
  rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]
  variables: {GIT_DEPTH: 0} # compare reads the commit at which the branch left
  script:${script(
    ...install,
    // To fail on some changes: --forbid opened.
    project.command(
      'compare',
      '--reporter terminal,html=podreach-compare.html',
      '"$CI_MERGE_REQUEST_DIFF_BASE_SHA..HEAD"',
      pathWords(manifests),
    ),
    project.command(
      'model',
      '--reporter terminal,junit=podreach-junit.xml,html=podreach-model.html',
      pathWords(scenarios),
    ),
  )}
  artifacts:
    when: always
    paths: [podreach-compare.html, podreach-model.html]
    reports: {junit: podreach-junit.xml}

podreach-live:
  extends: .podreach
  rules: [{if: $CI_PIPELINE_SOURCE == "schedule"}]
  tags: [docker] # a runner with Docker and Node.js 22.22 or later, for its shell executor
  timeout: 1h
  parallel:
    matrix:
      - KUBERNETES: [${KUBERNETES_VERSIONS.join(', ')}]
        CALICO: [${CALICO_VERSIONS.join(', ')}]
  script:${script(
    ...install,
    project.command(
      'run',
      '--node-image "kindest/node:$KUBERNETES"',
      '--calico "$CALICO"',
      '--reporter terminal,junit=podreach-junit.xml,json=podreach-run.json,html=podreach-run.html',
      pathWords(scenarios),
    ),
  )}
  artifacts:
    when: always
    paths: [podreach-run.json, podreach-run.html, podreach-evidence/]
    reports: {junit: podreach-junit.xml}
`;
};
