/** Graphs in the language of Graphviz (https://graphviz.org/doc/info/lang.html). */
import { excerpt } from '../text.ts';

export interface GraphNode {
  readonly label: string;
  readonly tooltip?: string;
}

export interface GraphEdge {
  /** Positions in the nodes. */
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

export interface Graph {
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

const TEXT_CODE_POINTS = 300;
/** Laying out more takes Graphviz minutes, and nobody can follow them. */
const EDGES_AT_MOST = 2_000;

export function* graphText({ title, nodes, edges }: Graph): Generator<string> {
  const more = edges.length - EDGES_AT_MOST;
  const label = more > 0 ? `${title} (${more} more edges are not drawn)` : title;
  yield `digraph ${quotedText(title)} {\n`;
  yield `  graph [rankdir=LR, labelloc=t, fontname="Helvetica", label=${quotedText(label)}];\n`;
  yield '  node [shape=box, style=rounded, fontname="Helvetica"];\n';
  yield '  edge [fontname="Helvetica", fontsize=10];\n';
  for (const [at, { label: name, tooltip }] of nodes.entries())
    yield `  n${at} [${attributesText({ label: name, ...(tooltip !== undefined && { tooltip }) })}];\n`;
  for (const { from, to, label: what, attributes } of edges.slice(0, EDGES_AT_MOST))
    yield `  n${from} -> n${to} [${attributesText({ label: what, ...attributes })}];\n`;
  yield '}\n';
}

const attributesText = (attributes: Readonly<Record<string, string | number>>): string =>
  Object.entries(attributes)
    .map(([key, value]) => `${key}=${quotedText(`${value}`)}`)
    .join(', ');

/** In labels, Graphviz replaces what follows a backslash (`\N`, `\G`), so that one is doubled. */
const quotedText = (text: string): string => `"${excerpt(text, TEXT_CODE_POINTS).replace(/["\\]/g, '\\$&')}"`;
