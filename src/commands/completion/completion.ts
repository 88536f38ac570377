import type { Command } from 'commander';
import { bashCompletion, zshCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { completionTree } from './tree.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** A script that teaches a shell what the program takes. Completion itself never starts podreach. */
export const completionScript = (program: Command, shell: keyof typeof scripts): string =>
  scripts[shell](completionTree(program));
