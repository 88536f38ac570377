import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { PodreachError } from '../../../src/errors.ts';
import { loadScenarios } from '../../../src/scenario/index.ts';
import { anyText } from '../any-text.ts';
import { load, policy, withFiles, writeFiles } from './temporary-folder.ts';

const scenario = `name: a
intent: &i b
namespaces:
  prod: {labels: {a: b}, pods: {web: {ports: [80, 53/UDP, {name: x, port: 9}]}, api: {}}}
  dev: {}
policies: [policies/*.yaml]
expect:
  grid: |2
                prod/web  prod/web prod/web
                80/TCP    53/UDP   9/TCP
    prod/web    #         #        #
    prod/api    .         X        .
`;
const rules = `${scenario.slice(0, scenario.indexOf('expect'))}expect: {default: deny, rules: [allow: {port: [x, 80]}]}\n`;

const steps = `${rules}steps:
  - {name: later, apply: [later/*.yaml], expect: model}
  - create: {namespaces: {qa: {labels: {a: b}, pods: {late: {ports: [80], replicas: 2}}}}}
    label: {prod/api: {app: api}, 'namespace:prod': {a: null}}
    expect: {default: deny}
  - {remove: [prod/api, 'namespace:dev'], delete: [NetworkPolicy/prod/q, policies/p.yaml]}
`;

const bits = [
  ...['{', '}', '[', ']', ':', ': ', '- ', '? ', '*i', '&i ', '<<: *i', '|', '>', '"', "'", '#', '!', '%', '\t', '\n'],
  ...['\n---\n', '...', '\r', '\0', '__proto__', 'constructor', '~', 'null', '1e999', '.nan', '-1', '*', '/', '@', '`'],
];
const scrap = fc.oneof(fc.constantFrom(...bits), anyText({ maxLength: 4 }), fc.constant(''));
const change = fc.record({ at: fc.nat(), length: fc.nat({ max: 12 }), scrap });

const mutated = (text: string): fc.Arbitrary<string> =>
  fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) =>
    changes.reduce((now, { at, length, scrap: bit }) => {
      const start = at % (now.length + 1);
      return now.slice(0, start) + bit + now.slice(start + length);
    }, text),
  );

const anything = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(mutated(scenario), fc.constant(policy('p'))) },
  { weight: 4, arbitrary: fc.tuple(mutated(rules), fc.constant(policy('p', 'prod'))) },
  { weight: 4, arbitrary: fc.tuple(mutated(steps), fc.constant(policy('p', 'prod'))) },
  { weight: 3, arbitrary: fc.tuple(fc.constant(rules), mutated(policy('p', 'prod'))) },
  { weight: 1, arbitrary: fc.tuple(anyText(), fc.constant('')) },
  { weight: 1, arbitrary: fc.tuple(fc.uint8Array(), fc.uint8Array()) },
);

describe('loading any text', () => {
  it('starts from what is sound', async () => {
    for (const text of [scenario, rules, steps]) {
      const files = {
        'scenario.yaml': text,
        'policies/p.yaml': policy('p', 'prod'),
        'later/q.yaml': policy('q', 'prod'),
      };
      expect(await load(files)).to.have.length(1);
    }
  });

  it('ends in scenarios or in a PodreachError whose every line has a place', () =>
    withFiles({}, (folder) =>
      fc.assert(
        fc.asyncProperty(anything, async ([text, manifest]) => {
          const later = policy('q', 'prod');
          await writeFiles(folder, { 'scenario.yaml': text, 'policies/p.yaml': manifest, 'later/q.yaml': later });
          try {
            expect(await loadScenarios([join(folder)])).to.have.length(1);
          } catch (error) {
            if (!(error instanceof PodreachError)) throw error;
            for (const line of error.message.split('\n')) expect(line).to.match(/^\S+\.yaml:[1-9]\d*:[1-9]\d*: \S/);
          }
        }),
        { numRuns: 30 },
      ),
    )).timeout(20_000);
});
