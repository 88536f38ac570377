import type { RoutedProbe } from '../model/index.ts';
import { portText } from '../scenario/index.ts';
import { printable } from './printable.ts';

/** What a probe of a Service becomes, in lines for people; none for a probe that is one already. */
export const routeText = ({ asked, probe, backends, cutOff, leftOpen }: RoutedProbe): string[] => {
  if (cutOff)
    return [
      `${printable(asked.from)} can't look the name up: its egress policies don't let it out to the cluster's DNS`,
    ];
  if (!probe) return [`${printable(asked.to)} has no backend`];
  if (probe.to === asked.to) return [];
  const port = portText({ number: probe.port, protocol: probe.protocol });
  const others = backends > 1 ? `, one of ${backends} backends` : '';
  return [
    printable(`policies act on the endpoint behind the Service, ${probe.to} ${port}${others}`),
    ...(leftOpen
      ? ['the specification leaves open whether they see its own address or that of a node in between; with its own:']
      : []),
  ];
};
