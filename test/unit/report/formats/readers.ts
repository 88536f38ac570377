/** Formats as programs of others read them. */
import { type ASTNode, parse as parseDot } from '@ts-graphviz/ast';
import { parse as parseCsv } from 'csv-parse/sync';
import { Parser } from 'tap-parser';

/** The rows of a text, each with as many fields as the first; throws if it has others. */
export const csvRows = (text: string): readonly (readonly string[])[] => parseCsv(text);

/** How many test points a harness counts, and the lines that mean nothing to it. */
export const tapCounts = (text: string) => {
  const events = Parser.parse(text);
  const [, results] = events.find(([what]) => what === 'complete') ?? [];
  const { ok, count, fail, skip, bailout } = Object(results);
  return { ok, count, fail, skip, bailout, extra: events.filter(([what]) => what === 'extra').length };
};

/** The nodes and edges of each graph of a text, with the values of their attributes. */
export const dotGraphs = (text: string) =>
  // Graphviz reads one graph after the other.
  text.split(/(?<=^\}\n)/m).map((own) => {
    const [graph] = parseDot(own).children;
    const parts = graph?.children ?? [];
    const count = (type: string): number => parts.filter((part) => part.type === type).length;
    return { nodes: count('Node'), edges: count('Edge'), values: parts.flatMap(valuesIn) };
  });

const valuesIn = (node: ASTNode): readonly string[] =>
  node.type === 'Attribute' ? [node.value.value] : (node.children as readonly ASTNode[]).flatMap(valuesIn);
