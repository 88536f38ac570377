/** What `podreach capture` writes. */
import type { Condensed, WrittenNamespace, WrittenPod } from '../../capture/index.ts';
import type { Port } from '../../scenario/index.ts';
import { listed, plural, printable } from '../../text.ts';
import { wrapped } from '../../wrap.ts';
import { quotedIfNeeded } from '../init/index.ts';

export interface Head {
  readonly schema: string;
  readonly name: string;
  /** From where and when. */
  readonly origin: string;
  /** What it does not show, as lines. */
  readonly missing: readonly string[];
  /** Whether the model is what is expected; otherwise the expectation is added afterwards. */
  readonly expectsModel: boolean;
}

const WIDTH = 110;

export const scenarioText = (condensed: Condensed, { schema, name, origin, missing, expectsModel }: Head): string => {
  const { namespaces, services, hasOwnAddresses } = condensed;
  const counts = namespaces.flatMap(({ pods }) => pods).length;
  const blocks = [
    comment(`${origin}; ${plural(counts, 'pod')} here, each for all that no policy tells apart. Not shown:`),
    ...missing.map((line) => comment(`- ${line}`)),
    ...(hasOwnAddresses ? [comment(OWN_ADDRESSES)] : []),
  ];
  return `# yaml-language-server: $schema=${schema}
${blocks.join('')}name: ${quotedIfNeeded(name)}
${services.length > 0 ? 'from: [services.yaml]\n' : ''}
namespaces:
${namespaces.map(namespaceText).join('')}${expectsModel ? '\nexpect: model\n' : ''}`;
};

const OWN_ADDRESSES =
  "An ipBlock tells the pods' addresses apart, and podreach's own cluster has no such addresses: podreach run needs --config with a podSubnet that has them.";

const comment = (text: string): string =>
  wrapped(printable(text), WIDTH)
    .map((line) => `# ${line.trimStart()}\n`)
    .join('');

const namespaceText = ({ name, kind, labels, pods }: WrittenNamespace): string => {
  const alike = kind.namespaces.length - 1;
  const others = kind.namespaces.map((one) => one.name).filter((one) => one !== name);
  return [
    ...(alike > 0 ? [`  # and ${plural(alike, 'namespace')} like it: ${listed(others, 5)}\n`] : []),
    `  ${name}:\n`,
    ...(Object.keys(labels).length > 0 ? [`    labels: ${flow(labels)}\n`] : []),
    '    pods:\n',
    ...pods.map(podText),
  ].join('');
};

const podText = ({ name, labels, ports, address, standIn }: WrittenPod): string => {
  const { sample, role, pods } = standIn;
  const parts = [
    ...(Object.keys(labels).length > 0 ? [`labels: ${flow(labels)}`] : []),
    ...(ports.length > 0 ? [`ports: [${ports.map(portInYaml).join(', ')}]`] : []),
    ...(address === undefined ? [] : [`address: ${quotedIfNeeded(address)}`]),
    ...(sample.hostNetwork ? ['hostNetwork: true'] : []),
  ];
  return `      ${quotedIfNeeded(name)}: {${parts.join(', ')}} # ${WHY[role](plural(pods.length, 'pod'))}\n`;
};

const WHY: Readonly<Record<WrittenPod['standIn']['role'], (pods: string) => string>> = {
  first: (pods) => pods,
  second: (pods) => `another of the ${pods}, to see what they may do to each other`,
  elsewhere: (pods) => `${pods}, as seen from the namespace above`,
  backend: (pods) => `another of the ${pods}, for a Service`,
};

const portInYaml = ({ number, protocol, name }: Port): string => {
  if (name !== undefined) return flow({ name, port: number, ...(protocol !== 'TCP' && { protocol }) });
  return protocol === 'TCP' ? `${number}` : `${number}/${protocol}`;
};

/** `{app: web, tier: "1"}`, on one line. */
const flow = (mapping: Readonly<Record<string, string | number>>): string =>
  `{${Object.entries(mapping)
    .map(([key, value]) => `${quotedIfNeeded(key)}: ${typeof value === 'number' ? value : quotedIfNeeded(value)}`)
    .join(', ')}}`;
