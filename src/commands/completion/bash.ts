import type { Completed, CompletedCommand } from './tree.ts';

/**
 * A script for bash 3.2 and later. Files are left to bash, which knows how to quote them; `compopt`, which keeps it from
 * offering them elsewhere, came with bash 4.
 */
export const bashCompletion = (commands: readonly CompletedCommand[]): string => `# bash completion for podreach
_podreach() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path='' offered='' word i
  if [[ $prev == '=' ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  if [[ $cur == '=' ]]; then cur=''; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$path $word" in
      ${anyOf(commands.map(({ path }) => path).filter(Boolean))}) path="$path $word" ;;
    esac
  done
  COMPREPLY=()
  case "$path $prev" in
${valueCases(commands).join('\n')}
    *)
      if [[ $cur == -* ]]; then
        case "$path" in
${commands.map(({ path, flags }) => `          '${path}') offered='${flags.map(({ long, short }) => long ?? short).join(' ')}' ;;`).join('\n')}
        esac
      else
        case "$path" in
${commands.map((command) => `          '${command.path}') ${offerText(operandsOf(command))} ;;`).join('\n')}
        esac
      fi
      ;;
  esac
  compopt +o default 2>/dev/null
  COMPREPLY=($(compgen -W "$offered" -- "$cur"))
}
complete -o default -F _podreach podreach
`;

/** zsh runs a script for bash. */
export const zshCompletion = (commands: readonly CompletedCommand[]): string => `#compdef podreach
autoload -U +X compinit bashcompinit
(( $+functions[compdef] )) || compinit
bashcompinit
${bashCompletion(commands)}`;

/** With no reply, bash completes files. */
const offerText = (completed: Completed): string => {
  if (completed === 'files') return 'return';
  return completed === 'text' ? ':' : `offered='${completed.join(' ')}'`;
};

const operandsOf = ({ commands, operands }: CompletedCommand): Completed => (commands.length > 0 ? commands : operands);

const valueCases = (commands: readonly CompletedCommand[]): readonly string[] => {
  const values = commands.flatMap(({ path, flags }) =>
    flags.flatMap(({ short, long, value }) =>
      value === undefined ? [] : [short, long].flatMap((name) => (name ? [{ where: `${path} ${name}`, value }] : [])),
    ),
  );
  const byOffer = Map.groupBy(values, ({ value }) => offerText(value));
  return [...byOffer].map(([offer, flags]) => `    ${anyOf(flags.map(({ where }) => where))}) ${offer} ;;`);
};

const anyOf = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' | ');
