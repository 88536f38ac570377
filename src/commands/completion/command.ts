import { type AddCommand, defineCommand } from '../define-command.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

export const addCompletion: AddCommand = (program, context) =>
  defineCommand<object, [shell: Shell]>({
    name: 'completion',
    description: 'print a script that completes commands and flags in your shell',
    arguments: [['<shell>', 'your shell', SHELLS]],
    help: {
      examples: ['completion bash'],
      notes: [
        'bash: add `source <(podreach completion bash)` to ~/.bashrc.',
        'zsh: add `source <(podreach completion zsh)` to ~/.zshrc.',
        'fish: save the output as ~/.config/fish/completions/podreach.fish.',
      ],
    },
    run: async (terminal, _flags, shell) => {
      const { completionScript } = await import('./completion.ts');
      await terminal.print(completionScript(program, shell));
      return 0;
    },
  })(program, context);
