import type { ComparedResult } from '../../../../src/compare/index.ts';

/** One cell is opened, which is forbidden. */
export const sampleComparison: ComparedResult = {
  ...{ before: 'main', after: 'HEAD', added: ['new one'], removed: [], forbidden: ['opened'] },
  comparisons: [
    {
      ...{ name: 'shop', before: 'main:k8s', after: 'k8s', policies: [], ends: [{ name: 'a/z', change: 'added' }] },
      counts: {
        ...{ opened: 1, closed: 0, 'may-open': 0, 'may-close': 0, 'may-differ': 0, added: 0, removed: 0 },
        ...{ undecided: 0, unchanged: 8 },
      },
      groups: [
        {
          ...({ change: 'opened', from: ['a/x'], to: ['a/y'], cells: 1, before: 'deny', after: 'allow' } as const),
          ports: [{ number: 80, protocol: 'TCP' }],
          causes: [{ effect: 'allows', direction: 'ingress', policy: 'a/p', rule: 1 }],
        },
      ],
    },
  ],
};
