/**
 * Workflow commands, which GitHub Actions shows as annotations in a pull request
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
 */
import type { ComparedResult } from '../compare/index.ts';
import type { RunResult } from '../matrix/index.ts';
import { excerpt } from '../text.ts';
import { type Annotation, annotationsOf } from './annotations.ts';
import { comparedAnnotations } from './compare/annotations.ts';
import type { CreateReporter } from './reporter.ts';
import { commandData, commandProperty, RESUME_COMMANDS, STOP_COMMANDS } from './workflow-commands.ts';

/** GitHub shows no more errors, and no more warnings, of a step. */
const SHOWN_AT_MOST = 10;

/**
 * Until its end, a run or a comparison prints what others wrote: names, intents, messages of tools. GitHub runs none of that as a command
 * until it sees the token again.
 */
export const createGithub: CreateReporter = () => ({
  onBegin: () => [STOP_COMMANDS],
  onBroken: () => [RESUME_COMMANDS],
  onEnd: (result: RunResult) => [RESUME_COMMANDS, ...commands(annotationsOf(result))],
  onCompared: (result: ComparedResult) => [RESUME_COMMANDS, ...commands(comparedAnnotations(result))],
});

const commands = (all: readonly Annotation[]): readonly string[] =>
  (['error', 'warning'] as const).flatMap((level) => {
    const own = all.filter((annotation) => annotation.level === level);
    if (own.length <= SHOWN_AT_MOST) return own.map(commandText);
    const rest = own.length - SHOWN_AT_MOST + 1;
    const more = `::${level} title=podreach::and ${rest} more, which the report of this step has\n`;
    return [...own.slice(0, SHOWN_AT_MOST - 1).map(commandText), more];
  });

const commandText = ({ level, place, title, message }: Annotation): string => {
  const { file, line, column } = place;
  const properties = { file, line, col: column, title: excerpt(title, 200) };
  const written = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${commandProperty(`${value}`)}`],
  );
  return `::${level} ${written.join(',')}::${commandData(message)}\n`;
};
