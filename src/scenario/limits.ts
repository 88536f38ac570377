/**
 * Limits on how much one command reads, so that no input can hang it or fill its memory. They are far above what
 * hand-written scenarios need. docs/scenario.md lists them, and a test compares the two.
 */
export const LIMITS = {
  /** Per file. */
  fileBytes: 1024 * 1024,
  /** Tokens of YAML (a value, a key, a sign such as `:` or `,`, the space between two of them) in one file. */
  fileTokens: 500_000,
  /** The same, for all files that a command reads. */
  allTokens: 800_000,
  /** The same for `compare`, for both sides; equal files count once. */
  largeTokens: 6_000_000,
  /** Objects that all scenarios of a command take from manifests; one that several take counts for each of them. */
  objects: 30_000,
  /** Files that a command reads. */
  files: 5_000,
  /** Files and folders that a command looks at to match file patterns. */
  entries: 100_000,
  /** Steps that matching them may take, as an estimate. */
  matching: 1_000_000_000,
  /** Per file pattern. */
  patternCharacters: 500,
  /** Ways in which the braces of one file pattern can be read. */
  patternAlternatives: 64,
  /** `*` between two slashes of one file pattern, and `**` in the whole of it. */
  patternStars: 3,
  /** File patterns of one scenario. */
  patterns: 100,
  /** Scenarios of one command. */
  scenarios: 2_000,
  /** Per scenario, like the rest. */
  namespaces: 2_000,
  pods: 2_000,
  /** The same for `compare`, which holds no matrix. */
  largePods: 20_000,
  /** Pods with one name, as `replicas`. */
  replicas: 50,
  hosts: 500,
  nodes: 500,
  services: 1_000,
  /** Ports of one pod, host, node or Service. */
  ports: 250,
  /** Labels of one pod or namespace, or of the selector of one Service. */
  labels: 100,
  /** For all its ends together. */
  allPorts: 20_000,
  rules: 2_000,
  /** `*` in part of a name, and labels, in all rules together. */
  rulePatterns: 1_000,
  cells: 1_200_000,
  /** From a source to a backend of a port of a Service. */
  ways: 500_000,
  policies: 5_000,
  /** The limits of a scenario hold for all its steps together. */
  steps: 100,
  /** Of pods, in one step that measures how they start. */
  starts: 200,
} as const;
