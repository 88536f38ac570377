import type { ComparedResult } from '../../../../src/compare/index.ts';
import type { RunResult } from '../../../../src/matrix/index.ts';
import type { CreateReporter, Reporter } from '../../../../src/report/index.ts';
import { reporters } from '../../../../src/report/reporters/index.ts';

export type Format = keyof typeof reporters;

export const FORMATS = Object.keys(reporters) as readonly Format[];

/** What a reporter writes about a run, as its events come. */
export const written = async (format: Format, result: RunResult): Promise<string> => {
  const create: CreateReporter = reporters[format];
  const reporter = create({ colour: false });
  const parts: string[] = [];
  const add = (text: Awaited<ReturnType<NonNullable<Reporter['onEnd']>>>): void =>
    void parts.push(...(typeof text === 'string' ? [text] : (text ?? [])));
  add(await reporter.onBegin?.({ scenarios: result.scenarios }));
  for (const scenario of result.scenarios) {
    for (const step of scenario.steps) add(await reporter.onStepEnd?.(step, scenario));
    add(await reporter.onScenarioEnd?.(scenario));
  }
  add(await reporter.onEnd?.(result));
  return parts.join('');
};

/** What it writes about a comparison. */
export const compared = async (format: Format, result: ComparedResult): Promise<string> => {
  const create: CreateReporter = reporters[format];
  const reporter = create({ colour: false });
  const parts = [await reporter.onBegin?.({ scenarios: [], compared: true }), await reporter.onCompared?.(result)];
  return parts.map((text) => (typeof text === 'string' ? text : [...(text ?? [])].join(''))).join('');
};
