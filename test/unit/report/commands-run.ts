/** The commands that GitHub's runner finds in a log, as it reads it: none between a stop and its token. */
export const commandsRun = (log: string): readonly string[] => {
  let token: string | undefined;
  const run: string[] = [];
  for (const line of log.split(/\r?\n/).map((one) => one.trimStart())) {
    const [, stop] = /^::stop-commands::(.+)$/.exec(line) ?? [];
    if (token === undefined && stop !== undefined) token = stop;
    else if (token !== undefined && line === `::${token}::`) token = undefined;
    else if (token === undefined && line.startsWith('::')) run.push(line);
  }
  return run;
};
