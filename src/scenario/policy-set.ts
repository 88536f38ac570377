import { isDeepStrictEqual } from 'node:util';
import type { SourceDocument } from './document.ts';
import { LIMITS } from './limits.ts';
import type { Problem } from './problem.ts';
import type { Manifests } from './read-manifests.ts';
import type { Note, ReadPolicy } from './scenario.ts';

/** The policies of a scenario, file by file. */
export interface PolicySet {
  readonly add: (read: Manifests) => void;
  /** All of them, in order; none if there are too many, which is then reported. */
  readonly all: () => readonly ReadPolicy[];
  /** Where they are. */
  readonly namespaces: () => readonly string[];
  /** What is not sent from their files. */
  readonly notes: readonly Note[];
}

/** Two different policies with one name in a namespace go to `problems`. */
export const createPolicySet = (problems: Problem[]): PolicySet => {
  const policies = new Map<string, ReadPolicy>();
  const notes: Note[] = [];
  /** kubectl applies one after the other: equal ones are one policy, and of different ones the last would win. */
  const tellRepeated = (one: ReadPolicy, policy: ReadPolicy, document: SourceDocument): void => {
    const name = `${policy.namespace}/${policy.name}`;
    const first = `${one.file}:${one.line}`;
    const place = document.problemAt(
      ['metadata', 'name'],
      `duplicate policy ${name}, with a different spec than at ${first}`,
      'kubectl applies both, and the later one wins: keep one of them',
    );
    if (!isDeepStrictEqual(one.manifest.spec, policy.manifest.spec)) problems.push(place);
    else notes.push({ kind: 'repeated', file: policy.file, line: place.line, column: place.column, name, first });
  };
  return {
    notes,
    namespaces: () => [...new Set([...policies.values()].map(({ namespace }) => namespace))],
    add: (read) => {
      for (const note of read.notes) notes.push(note);
      for (const { policy, document } of read.policies) {
        const key = `${policy.namespace}/${policy.name}`;
        const first = policies.get(key);
        if (first) tellRepeated(first, policy, document);
        else policies.set(key, policy);
      }
    },
    all: () => {
      const last = [...policies.values()][LIMITS.policies];
      if (!last) return [...policies.values()];
      const message = `${policies.size} policies: at most ${LIMITS.policies} in a scenario`;
      problems.push({ file: last.file, line: last.line, column: 1, message });
      return [];
    },
  };
};
