/** A command line from its words, quoted for a POSIX shell. */
export const commandLine = (argv: readonly string[]): string => argv.map(quote).join(' ');

const quote = (argument: string): string =>
  /^[\w@%+=:,.\/\-]+$/v.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
