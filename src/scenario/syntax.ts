/**
 * What Kubernetes requires of single values. The library for schemas takes longer to load than most manifests to check, so it
 * has no part in this.
 */
import { quoted } from '../text.ts';

export const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const LONGEST_LABEL = 63;

/** A problem with a name that is to be a DNS label of RFC 1123; undefined if it is one. */
export const dnsLabelProblem = (what: string, name: string, longest = LONGEST_LABEL): string | undefined => {
  if (!DNS_LABEL.test(name)) return noDnsLabel(what, name);
  return name.length > longest ? longDnsLabel(what, name, longest) : undefined;
};

export const noDnsLabel = (what: string, name: unknown): string =>
  `invalid ${what} ${quoted(name)}: lower-case letters, digits and "-", a letter or digit at both ends`;

export const longDnsLabel = (what: string, name: unknown, longest: number): string =>
  `invalid ${what} ${quoted(name)}: longer than ${longest} characters`;

/** deploy adds a suffix to a namespace's name, and Kubernetes allows 63 characters. */
export const LONGEST_NAMESPACE = 50;

export const namespaceNameProblem = (name: string): string | undefined =>
  dnsLabelProblem('namespace name', name, LONGEST_NAMESPACE);

export const isNamespaceName = (name: string): boolean => namespaceNameProblem(name) === undefined;

const LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';

export const SUBDOMAIN = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`);

export const isSubdomain = (name: string): boolean => SUBDOMAIN.test(name);

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
export const LABEL_KEY =
  /^(?:(?=[^/]{1,253}\/)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/)?(?=[^/]{1,63}$)[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
export const RESERVED = 'podreach/';

export const isLabelKey = (key: string): boolean => LABEL_KEY.test(key) && !key.startsWith(RESERVED);

export const LABEL_VALUE = /^(?=.{0,63}$)(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

export const isLabelValue = (value: unknown): boolean => typeof value === 'string' && LABEL_VALUE.test(value);

export const isPortNumber = (value: unknown): boolean =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535;

/** IANA service name, RFC 6335, as Kubernetes requires for the name of a container port. */
export const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])(?!.*--)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

export const isPortName = (name: string): boolean => PORT_NAME.test(name);

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

/** What the API server fills in (DefaultClientIPServiceAffinitySeconds in kubernetes/pkg/apis/core/types.go). */
export const STICKY_SECONDS = 10_800;
