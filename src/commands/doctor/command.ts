import { wrapped } from '../../wrap.ts';
import { defineCommand } from '../define-command.ts';

export const addDoctor = defineCommand<object, []>({
  name: 'doctor',
  description: 'check whether podreach can run on this machine',
  help: { notes: ['Exit codes: 0 podreach can run on this machine, 2 something is missing.'] },
  run: async (terminal) => {
    const { doctor } = await import('./doctor.ts');
    const { text, ok } = await doctor();
    await terminal.print(text.replaceAll(/.+/g, (line) => wrapped(line, terminal.width).join('\n')));
    return ok ? 0 : 2;
  },
});
