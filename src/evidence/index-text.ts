/** What a folder of evidence holds, for people. */

export interface Collected {
  readonly file: string;
  readonly what: string;
  /** Why it is missing. */
  readonly missing?: string;
}

/** Of one step. */
export const stepIndex = (title: string, finding: string, parts: readonly Collected[]): readonly string[] => {
  const found = parts.filter(({ missing }) => missing === undefined);
  const missing = parts.filter((part) => part.missing !== undefined);
  return [
    title,
    finding,
    '',
    ...columns(found.map(({ file, what }) => [file, what])),
    ...(missing.length === 0 ? [] : ['', 'Not collected:']),
    ...missing.map(({ file, missing: why }) => `${file}, because ${why}`),
    '',
    'Names of namespaces end in a suffix that this run gave them. Annotations, environments, commands, volumes and',
    'Secrets are never collected.',
  ];
};

/** Of the run. */
export const runIndex = (
  steps: readonly { readonly folder: string; readonly title: string; readonly finding: string }[],
  notes: readonly string[],
): readonly string[] => [
  'Evidence of what did not pass in this run, collected before it was removed from the cluster.',
  ...steps.flatMap(({ folder, title, finding }) => ['', `${folder}/`, `  ${title}`, `  ${finding}`]),
  ...(notes.length === 0 ? [] : ['', ...notes]),
];

const columns = (rows: readonly (readonly [string, string])[]): readonly string[] => {
  const width = Math.max(0, ...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `${first.padEnd(width)}  ${second}`);
};
