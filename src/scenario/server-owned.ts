/** What the API server or a controller writes into an object, and what is left out of a policy before it is sent. */

type Json = Readonly<Record<string, unknown>>;

/**
 * The API server refuses some of these in a new object (`managedFields`, `uid`, `resourceVersion`), and acts on others: an
 * owner that is not in the cluster gets the policy deleted, and a finalizer keeps a deleted policy in force.
 */
const metadataFields: readonly string[] = [
  ...['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink', 'deletionTimestamp'],
  ...['deletionGracePeriodSeconds', 'ownerReferences', 'finalizers'],
];

/** Where `kubectl apply` keeps what it sent. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export interface Cleaned {
  readonly manifest: Json;
  /** The paths of what was left out, such as `metadata.uid`; of null, which says nothing, there is no word. */
  readonly left: readonly (readonly string[])[];
}

/** Leaves out of a manifest what belongs to the cluster that it was exported from; the rest is the very same. */
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
