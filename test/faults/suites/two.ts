import { describeOn } from './suite.ts';

await describeOn('two');
