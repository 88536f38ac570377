import { parse } from 'yaml';
import type { ModelInput } from '../../../../src/model/explain/advice-change.ts';
import { compile, type Model, type NetworkPolicy, type Probe, readPolicy } from '../../../../src/model/index.ts';
import { type Cast, type Specs, worldOf } from '../lint/fixture.ts';

/** Policies by `namespace/name`, each a spec in YAML; with `placed`, policy n stands in policies/n.yaml, path p on line length(p) + 1. */
export const policiesOf = (specs: Specs, placed = false): readonly NetworkPolicy[] =>
  Object.entries(specs).map(([policy, spec], index) => {
    const [namespace, name] = policy.split('/');
    const manifest = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace },
      spec: parse(spec),
    };
    const read = readPolicy(
      manifest,
      ({ message }) => {
        throw new Error(message);
      },
      placed ? { placeOf: ({ length }) => ({ file: `policies/${index}.yaml`, line: length + 1, column: 1 }) } : {},
    );
    if (!read) throw new Error(`${policy} was not read`);
    return read;
  });

export const inputOf = (cast: Cast, specs: Specs, placed = false): ModelInput => ({
  world: worldOf(cast),
  policies: policiesOf(specs, placed),
});

export const modelOf = ({ world, policies }: ModelInput): Model => compile(world, policies);

/** `prod/web > prod/db 5432` or with `/UDP` behind. */
export const probeOf = (text: string): Probe => {
  const [, from = '', to = '', port, protocol = 'TCP'] = /^(\S+) > (\S+) (\d+)(?:\/(\w+))?$/.exec(text) ?? [];
  return { from, to, port: Number(port), protocol: protocol as Probe['protocol'] };
};
