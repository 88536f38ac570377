/** What a command line may say. All of it is loaded for each --help, so it loads no other folder. */
export { environmentFlags, familyFlag, kubeconfigFlag, liveFlags, mirrorFlags } from './cluster.ts';
export { choice, exclusive, type Flag, type FlagsOf, parsed, text, toggle } from './flag.ts';
export { addGlobalFlags, readGlobalFlags } from './global.ts';
export { matching } from './matching.ts';
export { attachFlags, flakeFlags, historyFlag } from './probing.ts';
export { isModule, type ReportChoice, readChoice } from './report-choice.ts';
export { comparedReportFlags, type OutputFlags, reportFlags } from './reports.ts';
export { type ChoiceFlags, choiceFlags, namespaceFlag, pathsArgument, type Selection } from './scenarios.ts';
export { applySettings, environmentSettings, type SettingName } from './settings.ts';
export { isAddedTo } from './usual-reporters.ts';
export {
  changeList,
  duration,
  each,
  eachPort,
  notEmpty,
  orderList,
  pattern,
  probeTimeoutMs,
  shard,
  wholeNumber,
} from './values.ts';
