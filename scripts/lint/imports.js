/**
 * Who may import whom, types included; what is not listed is forbidden. Folders stand in the order in which data flows, and
 * are entered by their index.ts. Only commands and the plug-ins for users' own suites turn results into text. `npm test`
 * checks this with dependency-cruiser.
 */
const MAY = {
  model: [],
  scenario: ['model'],
  kube: [],
  host: [],
  cluster: ['model', 'kube', 'host'],
  deploy: ['model', 'scenario', 'kube', 'host', 'cluster'],
  attach: ['model', 'scenario', 'kube', 'deploy'],
  settle: ['scenario', 'kube', 'deploy'],
  probe: ['model', 'scenario', 'host', 'deploy', 'attach'],
  record: ['scenario', 'deploy'],
  streams: ['scenario', 'deploy'],
  matrix: ['model', 'scenario', 'probe', 'record', 'streams'],
  evidence: ['scenario', 'kube', 'host', 'cluster', 'deploy', 'matrix'],
  compare: ['model', 'scenario', 'matrix'],
  mutate: ['model', 'scenario', 'matrix'],
  rollout: ['model', 'scenario', 'matrix'],
  advise: ['model', 'scenario', 'matrix'],
  minimize: ['model', 'scenario', 'matrix'],
  capture: ['model', 'scenario', 'kube', 'attach', 'matrix'],
  diagnose: ['model', 'scenario', 'kube', 'cluster', 'deploy', 'attach', 'probe', 'matrix'],
  bundle: ['model', 'scenario', 'kube', 'host', 'cluster', 'deploy', 'matrix', 'evidence'],
  watch: ['scenario', 'record'],
  history: ['scenario', 'probe', 'record', 'matrix'],
  report: ['model', 'scenario', 'probe', 'record', 'streams', 'matrix', 'compare', 'mutate', 'rollout', 'advise', 'minimize', 'diagnose', 'bundle', 'watch', 'history'],
  run: ['model', 'scenario', 'kube', 'host', 'cluster', 'deploy', 'attach', 'settle', 'probe', 'record', 'streams', 'matrix', 'evidence', 'watch'],
  commands: ['model', 'scenario', 'kube', 'host', 'cluster', 'deploy', 'attach', 'matrix', 'compare', 'mutate', 'rollout', 'advise', 'minimize', 'capture', 'diagnose', 'bundle', 'watch', 'history', 'report', 'run'],
  mocha: ['scenario', 'kube', 'host', 'cluster', 'matrix', 'report', 'run'],
  chai: ['scenario', 'record', 'matrix', 'report'],
};

/** The rooms of a folder that have doors of their own, because each is for few commands and takes long to load. */
const ROOMS = {
  report: ['advise', 'diagnose', 'explain', 'history', 'minimize', 'mutation', 'read', 'reporters', 'watch'],
};

/**
 * The rooms of commands/ that commands share, and what these take of each other. Every other room is a command's: only
 * program.ts loads its command.ts, and what it has for other commands is in its index.ts.
 */
const SHARED = {
  flags: [],
  terminal: [],
  scenarios: [],
  selection: ['flags', 'terminal', 'scenarios'],
  output: ['flags', 'terminal'],
  'running-pods': ['terminal'],
};

/** The files beside these rooms, and the rooms that they take. */
const BESIDE_ROOMS = {
  ci: [],
  version: [],
  'run-file': ['terminal'],
  'live-cluster': ['terminal'],
  'define-command': ['flags', 'terminal'],
};
/** Those of them that are not for commands alone. */
const FOR_SHARED = ['ci', 'version', 'run-file'];

/** Files beside the folders. The model is a library of its own, so it takes no more of podreach than it must. */
const COMMON = ['all-or-none', 'cache-folder', 'command-line', 'content-key', 'errors', 'failures', 'owner', 'pause', 'port', 'progress', 'result-first', 'secrets', 'sized-array', 'stopwatch', 'text', 'unfinished', 'width', 'wrap', 'yaml-library'];
const COMMON_OF = { model: ['errors', 'text'] };

/** The packages of the pure folders: none that starts a program or opens a connection, and files for `scenario` alone. */
const PACKAGES = {
  model: ['ipaddr.js', 'fastest-levenshtein'],
  scenario: ['ipaddr.js', 'fastest-levenshtein', 'yaml', 'zod', 'crypto', 'fs', 'fs/promises', 'path', 'util'],
  matrix: [],
  compare: [],
  mutate: [],
  rollout: ['util'],
  advise: [],
  minimize: [],
  chai: [],
  history: ['zod'],
  watch: [],
  report: ['picocolors', 'yaml', 'zod'],
};

/** A page ships with podreach as files, like its code. */
const READS_OWN_FILES = { report: 'src/report/html/assets.ts' };

const anyOf = (names) => `(${names.map((name) => name.replaceAll('.', String.raw`\.`)).join('|')})`;
const none = '(?!)';

const oneWay = Object.entries(MAY).map(([folder, others]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} may import ${[...others, ...(COMMON_OF[folder] ?? COMMON)].join(', ')}, and no other folder but by its index.ts`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: {
    path: '^src/',
    pathNot: [
      `^src/${folder}/`,
      others.length > 0 ? String.raw`^src/${anyOf(others)}/index\.ts$` : none,
      ...others.filter((other) => ROOMS[other]).map((other) => String.raw`^src/${other}/${anyOf(ROOMS[other])}/index\.ts$`),
      String.raw`^src/${anyOf(COMMON_OF[folder] ?? COMMON)}\.ts$`,
    ],
  },
}));

const pure = Object.entries(PACKAGES).map(([folder, names]) => ({
  name: `${folder}-is-pure`,
  comment: `src/${folder} starts no program, opens no connection and uses no package but ${names.join(', ') || 'none'}`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: READS_OWN_FILES[folder] ?? none },
  to: {
    pathNot: ['^src/', names.length > 0 ? `^(node:)?${anyOf(names)}$` : none, names.length > 0 ? `node_modules/${anyOf(names)}/` : none],
  },
}));

const inCommands = (names, file) => String.raw`^src/commands/${names.length > 0 ? anyOf(names) : none}${file}\.ts$`;

const rooms = [
  ...Object.entries(SHARED).map(([room, others]) => ({
    name: `commands-${room}`,
    comment: `src/commands/${room} may import ${[...others, ...FOR_SHARED].join(', ')} of commands, and no other room but by its index.ts`,
    severity: 'error',
    from: { path: `^src/commands/${room}/` },
    to: {
      path: '^src/commands/',
      pathNot: [`^src/commands/${room}/`, inCommands(others, '/index'), inCommands(FOR_SHARED, '')],
    },
  })),
  ...Object.entries(BESIDE_ROOMS).map(([file, others]) => ({
    name: 'commands-beside-rooms',
    comment: `src/commands/${file}.ts may import ${others.join(', ') || 'nothing'} of commands`,
    severity: 'error',
    from: { path: inCommands([file], '') },
    to: { path: '^src/commands/', pathNot: [inCommands(others, '/index')] },
  })),
  {
    name: 'commands-one-by-one',
    comment: "a command's room takes what is shared, and of another command no more than its index.ts",
    severity: 'error',
    from: { path: '^src/commands/([^/]+)/', pathNot: `^src/commands/${anyOf(Object.keys(SHARED))}/` },
    to: {
      path: '^src/commands/',
      pathNot: ['^src/commands/$1/', inCommands(['[^/]+'], '/index'), inCommands(Object.keys(BESIDE_ROOMS), '')],
    },
  },
  {
    name: 'commands-program',
    comment: 'program.ts loads the commands one by one, each by its command.ts',
    severity: 'error',
    from: { path: inCommands(['program'], '') },
    to: {
      path: '^src/commands/',
      pathNot: [
        inCommands(['[^/]+'], '/command'),
        inCommands(['flags', 'terminal'], '/index'),
        inCommands(['define-command', 'version'], ''),
      ],
    },
  },
];

export default {
  forbidden: [
    ...oneWay,
    ...pure,
    ...rooms,
    {
      name: 'beside-the-folders',
      comment: 'what every folder may import imports no folder itself',
      severity: 'error',
      from: { path: String.raw`^src/${anyOf(COMMON)}\.ts$` },
      to: { path: '^src/.+/' },
    },
    {
      name: 'doors',
      comment: 'a folder is entered by its index.ts; cli.ts alone runs the commands',
      severity: 'error',
      from: { path: String.raw`^src/(index|cli)\.ts$` },
      to: { path: '^src/.+/', pathNot: [String.raw`^src/[^/]+/index\.ts$`, String.raw`^src/report/${anyOf(ROOMS.report)}/index\.ts$`, inCommands(['program', 'flags/index', 'terminal/index'], '')] },
    },
    { name: 'no-circles', comment: 'files import each other in one direction', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    // Keeps type-only imports too.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
