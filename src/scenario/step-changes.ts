/** The keys of a step that change the world, in the order in which they do. */
export const CHANGES = ['delete', 'remove', 'create', 'label', 'apply'] as const;
