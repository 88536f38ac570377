import { expect } from 'chai';
import { parse } from 'yaml';
import { compile, readPolicies, type World, type WorldPod } from '../../../../src/model/index.ts';
import { lint } from '../../../../src/model/lint/lint.ts';

/** Namespaces with their labels, and pods by `namespace/name`; a pod given as a mapping of labels has nothing else. */
export interface Cast {
  readonly namespaces?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly pods: Readonly<Record<string, Omit<WorldPod, 'namespace' | 'name'>>>;
}

export const worldOf = ({ namespaces = {}, pods }: Cast): World => {
  const placed = Object.entries(pods).map(([endpoint, pod]): WorldPod => {
    const [namespace = '', name = ''] = endpoint.split('/');
    return { ...pod, namespace, name };
  });
  const names = new Set([...Object.keys(namespaces), ...placed.map(({ namespace }) => namespace)]);
  return { namespaces: [...names].map((name) => ({ name, labels: namespaces[name] ?? {} })), pods: placed };
};

/** Policies by `namespace/name`, each a spec in YAML. */
export type Specs = Readonly<Record<string, string>>;

export const policiesOf = (specs: Specs) =>
  readPolicies(
    Object.entries(specs).map(([policy, spec]) => {
      const [namespace, name] = policy.split('/');
      return {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, namespace },
        spec: parse(spec),
      };
    }),
  );

/** What is told of the policies, as `rule policy path: message`. */
export const warningsOf = (cast: Cast, specs: Specs): readonly string[] =>
  lint(compile(worldOf(cast), policiesOf(specs))).map(
    ({ rule, policy, path, message }) => `${rule} ${policy.namespace}/${policy.name} ${path.join('.')}: ${message}`,
  );

export interface Row {
  readonly it: string;
  /** Added to those of the table, or in their place. */
  readonly pods?: Cast['pods'];
  readonly policies: Specs;
  readonly warns: readonly string[];
}

/** A test for each row of the table of a rule. */
export const describeRows = (rule: string, cast: Cast, rows: readonly Row[]): void => {
  describe(`lint: ${rule}`, () => {
    for (const { it: title, pods = {}, policies, warns } of rows)
      it(title, () => {
        expect(warningsOf({ ...cast, pods: { ...cast.pods, ...pods } }, policies)).to.deep.equal(warns);
      });
  });
};
