import { describeOn } from './suite.ts';

await describeOn('one');
