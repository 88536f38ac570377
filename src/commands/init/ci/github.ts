/** The workflows that `podreach init --ci github` writes. */
import { type CiFile, type CiPaths, type CiProject, pathWords } from './project.ts';
import { CALICO_VERSIONS, KUBERNETES_VERSIONS } from './versions.ts';

export const githubFiles = (project: CiProject, paths: CiPaths): readonly CiFile[] => [
  { path: '.github/workflows/podreach.yml', text: pullRequest(project, paths) },
  { path: '.github/workflows/podreach-nightly.yml', text: nightly(project, paths) },
];

const setup = ({ installed }: CiProject): string =>
  installed
    ? `      - uses: actions/setup-node@v5
        with: {node-version: 24, cache: npm}
      - run: npm ci`
    : `      - uses: actions/setup-node@v5
        with: {node-version: 24, package-manager-cache: false}`;

/** The reports that a page of GitHub shows, and one to download. */
const reporter = (file: string, ...more: readonly string[]): string =>
  `--reporter "${['terminal', 'github', 'markdown=$GITHUB_STEP_SUMMARY', `html=${file}`, ...more].join(',')}"`;

/** The branch's name reaches the shell as a variable: it may be any. */
const RANGE = '"origin/$GITHUB_BASE_REF...HEAD"';

const LIVE = [
  '--node-image "kindest/node:$KUBERNETES"',
  '--calico "$CALICO"',
  reporter('podreach-run.html', 'junit=podreach-junit.xml', 'json=podreach-run.json'),
];

const pullRequest = (project: CiProject, { scenarios, manifests }: CiPaths): string => `\
# Written by \`podreach init --ci github\`: what a pull request changes, and whether the scenarios hold. Nothing is probed.
name: podreach
on: pull_request
permissions: {contents: read}
concurrency: {group: "podreach-\${{ github.ref }}", cancel-in-progress: true}
jobs:
  predicted:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v5
        with: {fetch-depth: 0} # compare reads the commit at which the branch left
${setup(project)}
      - name: Which connections does this change open or close?
        # To fail on some, add --forbid opened.
        run: >-
          ${project.command('compare', reporter('podreach-compare.html'), RANGE, pathWords(manifests))}
      - name: Do the scenarios hold, by the specification?
        if: success() || failure()
        run: >-
          ${project.command('model', reporter('podreach-model.html'), pathWords(scenarios))}
      - uses: actions/upload-artifact@v4
        if: always()
        with: {name: podreach, path: "podreach-*.html", if-no-files-found: ignore}
`;

const nightly = (project: CiProject, { scenarios }: CiPaths): string => `\
# Written by \`podreach init --ci github\`: whether the scenarios hold on real clusters.
name: podreach, live
on:
  schedule: [{cron: "23 3 * * *"}]
  workflow_dispatch:
permissions: {contents: read}
jobs:
  live:
    name: Kubernetes \${{ matrix.kubernetes }}, Calico \${{ matrix.calico }}
    strategy:
      fail-fast: false
      matrix:
        kubernetes: [${KUBERNETES_VERSIONS.join(', ')}]
        calico: [${CALICO_VERSIONS.join(', ')}]
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v5
${setup(project)}
      - uses: actions/cache@v4
        with:
          path: | # programs and manifests; clusters and locks belong to their machine
            ~/.cache/podreach/*
            !~/.cache/podreach/clusters
            !~/.cache/podreach/locks
          key: podreach-${project.version}-\${{ runner.os }}-\${{ matrix.calico }}
      - name: Do the scenarios hold?
        env:
          KUBERNETES: \${{ matrix.kubernetes }}
          CALICO: \${{ matrix.calico }}
        run: >-
          ${project.command('run', ...LIVE, pathWords(scenarios))}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: podreach-\${{ matrix.kubernetes }}-\${{ matrix.calico }}
          path: |
            podreach-run.html
            podreach-run.json
            podreach-junit.xml
            podreach-evidence/
          if-no-files-found: ignore
`;
