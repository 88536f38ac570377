import type { Completed, CompletedCommand, CompletedFlag } from './tree.ts';

export const fishCompletion = (commands: readonly CompletedCommand[]): string => `# fish completion for podreach
function __podreach_at
    set -l path ''
    for word in (commandline -opc)[2..]
        switch "$path $word"
            case ${commands.flatMap(({ path }) => (path ? [quoted(path)] : [])).join(' ')}
                set path "$path $word"
        end
    end
    test "$path" = "$argv[1]"
end
complete -c podreach -f
${commands.flatMap((command) => linesOf(command, commands)).join('\n')}
`;

const linesOf = ({ path, flags, operands }: CompletedCommand, all: readonly CompletedCommand[]): readonly string[] => {
  const at = `complete -c podreach -n ${quoted(`__podreach_at "${path}"`)}`;
  const below = all.filter((one) => one.path !== '' && one.path.slice(0, one.path.lastIndexOf(' ')) === path);
  return [
    ...below.map((one) => `${at} -a ${one.path.slice(path.length + 1)} -d ${quoted(one.description)}`),
    ...(operands === 'text' ? [] : [`${at} ${offerText(operands)}`]),
    ...flags.map((flag) => `${at} ${flagText(flag)} -d ${quoted(flag.description)}`),
  ];
};

const flagText = ({ short, long, value }: CompletedFlag): string =>
  [
    ...(short ? [`-s ${short.slice(1)}`] : []),
    ...(long ? [`-l ${long.slice(2)}`] : []),
    ...(value === undefined ? [] : [`-r ${offerText(value)}`]),
  ].join(' ');

const offerText = (completed: Completed): string => {
  if (completed === 'files') return '-F';
  return completed === 'text' ? '-f' : `-f -a ${quoted(completed.join(' '))}`;
};

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
