/** A step as written: what it changes, and what is expected then. */
import * as z from 'zod';
import { duration } from './duration-schema.ts';
import { established } from './established-schema.ts';
import { expect } from './expect-schema.ts';
import { filePattern, labelKey, labelValue, line, mapping } from './field.ts';
import { namespace, namespaceName } from './pods-schema.ts';
import { startKeys, startProblems } from './starts-schema.ts';
import { CHANGES } from './step-changes.ts';

const nonEmpty = <Item extends z.ZodType>(item: Item, what: string) =>
  z.array(item).min(1, { error: () => `expected at least one ${what}` });

const someOf = <Value extends z.ZodRecord>(record: Value, what: string) =>
  record
    .refine((all) => Object.keys(all).length > 0, { error: () => `expected at least one ${what}` })
    .meta({ minProperties: 1 });

const changedLabels = someOf(z.record(labelKey, labelValue.nullable()), 'label');

export const step = mapping({
  name: line('name').optional().describe('What --step and the reports call it; by default what it changes'),
  delete: nonEmpty(filePattern, 'policy')
    .optional()
    .describe('Policies to delete: NetworkPolicy/namespace/name, or file patterns'),
  remove: nonEmpty(z.string(), 'pod or namespace')
    .optional()
    .describe('Pods (prod/web) to remove, and namespaces (namespace:prod) with everything in them'),
  create: mapping({
    namespaces: someOf(z.record(namespaceName, namespace), 'namespace').describe(
      'New namespaces with their pods, and new pods of existing namespaces',
    ),
  })
    .optional()
    .describe('Pods and namespaces to add'),
  label: someOf(z.record(z.string(), changedLabels), 'pod or namespace')
    .optional()
    .describe('Labels to set on pods (prod/web) and namespaces (namespace:prod), by key; null removes a label'),
  apply: nonEmpty(filePattern, 'file pattern')
    .optional()
    .describe('Policy files to apply, as patterns; a policy replaces one of the same namespace and name'),
  enforceWithin: duration
    .optional()
    .describe(
      'How long each cell that the step changes may take to change, from when the API server has accepted it: 2s',
    ),
  established: established.optional().describe('Connections that are open before the change, and what becomes of them'),
  ...startKeys,
  expect: expect
    .optional()
    .describe(
      'The matrix expected after the change; the same as before by default, unless that is a grid of other endpoints',
    ),
})
  .check(({ value, issues }) => {
    if (issues.length === 0 && CHANGES.every((key) => value[key] === undefined))
      issues.push({ code: 'custom', input: value, path: [], message: `this step changes nothing: expected ${either}` });
    if (issues.length === 0 && value.enforceWithin !== undefined && value.create !== undefined)
      issues.push({ code: 'custom', input: value, path: ['enforceWithin'], message: NOT_WITH_CREATE });
    if (issues.length === 0 && value.established !== undefined && (value.create ?? value.remove) !== undefined)
      issues.push({ code: 'custom', input: value, path: ['established'], message: NOT_WITH_PODS });
    if (issues.length > 0) return;
    for (const { key, message } of startProblems(value))
      issues.push({ code: 'custom', input: value, path: [key], message });
  })
  .meta({ anyOf: CHANGES.map((key) => ({ required: [key] })) });

const NOT_WITH_CREATE =
  'a step that creates pods or namespaces is not timed: create them in the step before, and change policies or labels here';

const NOT_WITH_PODS =
  'connections are followed only while all pods stay: create and remove pods in another step, and change policies or labels here';

const either = `${CHANGES.slice(0, -1).join(', ')} or ${CHANGES.at(-1)}`;

export type WrittenStep = z.infer<typeof step>;
