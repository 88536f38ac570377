import { defineCommand } from '../define-command.ts';
import { choice, namespaceFlag, text } from '../flags/index.ts';
import type { ExplainFlags, Question } from './explain.ts';

type Arguments = [path: string, from: string, to: string, port: string];

export const addExplain = defineCommand<ExplainFlags, Arguments>({
  name: 'explain',
  description: 'explain why policies allow or block a connection, without a cluster',
  arguments: [
    ['<scenario>', "a scenario's folder or its scenario.yaml; or Kubernetes manifests: a file, a folder, - for stdin"],
    ['<from>', 'the source: namespace/pod, host:name, or another name that the matrix has'],
    ['<to>', 'the destination: namespace/pod, host:name, svc:namespace/name, or another name that the matrix has'],
    ['<port>', "80, 53/UDP, or the name of one of the destination's ports"],
  ],
  flags: {
    reporter: choice('--reporter <name>', 'the format of the answer', ['terminal', 'json'], 'terminal'),
    namespace: namespaceFlag(),
    step: text('--step <step>', 'the name or the number of the step to explain, if the scenario has several'),
    family: choice('--family <family>', 'the IP family, if both ends have both (default: IPv4)', ['IPv4', 'IPv6']),
  },
  help: {
    examples: [
      'explain scenarios/deny-all dev/client prod/web 80',
      'explain k8s/ prod/web prod/api 8080',
      'explain my-scenario prod/web prod/db 5432 --reporter json',
    ],
    notes: ['Exit codes: 0 whatever the answer is, 2 the input is wrong.'],
  },
  run: async (terminal, flags, ...[path, from, to, port]) => {
    const { explain } = await import('./explain.ts');
    const question: Question = { path, from, to, port };
    return explain(question, flags, terminal);
  },
});
