/** What the API server or a controller writes into an object. It is removed from a policy before sending. */

type Json = Readonly<Record<string, unknown>>;

/**
 * The API server refuses some of these in a new object (`managedFields`, `uid`, `resourceVersion`) and acts on others:
 * it deletes a policy whose owner is not in the cluster, and a finalizer keeps a deleted policy in force.
 */
const metadataFields: readonly string[] = [
  ...['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink', 'deletionTimestamp'],
  ...['deletionGracePeriodSeconds', 'ownerReferences', 'finalizers'],
];

/** Where `kubectl apply` keeps what it sent. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export interface Cleaned {
  readonly manifest: Json;
  /** The paths of the parts left out, such as `metadata.uid`; does not mention null, which carries no information. */
  readonly left: readonly (readonly string[])[];
}

/** Removes from a manifest what belongs to the cluster that it was exported from; everything else stays unchanged. */
export const withoutServerOwned = (manifest: Json): Cleaned => {
  const { status = null, ...rest } = manifest;
  const written = Object(manifest.metadata) as Json;
  const annotations = Object(written.annotations) as Json;
  const isApplied = Object.hasOwn(annotations, lastApplied);
  const left = [
    ...metadataFields.filter((key) => (written[key] ?? null) !== null).map((key) => ['metadata', key]),
    ...(isApplied ? [['metadata', 'annotations', lastApplied]] : []),
    ...(status === null ? [] : [['status']]),
  ];
  const metadata = without(written, metadataFields);
  const others = without(annotations, [lastApplied]);
  if (isApplied && Object.keys(others).length > 0) metadata.annotations = others;
  else if (isApplied) delete metadata.annotations;
  return { manifest: { ...rest, metadata }, left };
};

const without = (mapping: Json, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(mapping).filter(([key]) => !keys.includes(key)));
