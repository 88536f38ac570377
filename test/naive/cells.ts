/** All the cells of a world, one probe for each. */
import { compile, decide, type Model, readPolicies } from '../../src/model/index.ts';
import type { Probe, World } from '../../src/model/world.ts';
import { PROBED } from './arbitrary.ts';
import type { Verdict } from './decide.ts';
import type { RawPolicy } from './manifest.ts';

const endpointNames = ({ pods, hosts = [] }: World): readonly string[] => [
  ...pods.map(({ namespace, name }) => `${namespace}/${name}`),
  ...hosts.map(({ name }) => `host:${name}`),
];

export const probesOf = (world: World): readonly Probe[] => {
  const names = endpointNames(world);
  return names.flatMap((from) =>
    names.flatMap((to) => PROBED.map(({ number, protocol }) => ({ from, to, port: number, protocol }))),
  );
};

/** The model of manifests as they are written. */
export const compiled = (manifests: readonly RawPolicy[], world: World): Model =>
  compile(world, readPolicies(manifests));

/** What the model says of a probe. */
export const modelOf = (manifests: readonly RawPolicy[], world: World): ((probe: Probe) => Verdict) => {
  const model = compiled(manifests, world);
  return (probe) => decide(model, probe);
};
