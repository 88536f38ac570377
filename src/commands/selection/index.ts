/** The scenarios that a command takes of those that it finds: by name, tag, shard, or how they ended last. */
export { chosenScenarios, type ShardFlags } from './chosen-scenarios.ts';
export { keepResults } from './last-results.ts';
export { listText } from './list.ts';
