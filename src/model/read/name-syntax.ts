/** The syntax of names in Kubernetes (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/). */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const DNS_SUBDOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const PORT_NAME = /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

/** A namespace's name: up to 63 characters, RFC 1123. */
export const isDnsLabel = (text: string): boolean => text.length <= 63 && DNS_LABEL.test(text);

/** A policy's name: up to 253 characters, RFC 1123. */
export const isDnsSubdomain = (text: string): boolean => text.length <= 253 && DNS_SUBDOMAIN.test(text);

/** A port's name: up to 15 characters, RFC 6335, but lower case only. */
export const isPortName = (text: string): boolean => text.length <= 15 && PORT_NAME.test(text);

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
export const isLabelKey = (text: string): boolean => {
  const slash = text.indexOf('/');
  const name = text.slice(slash + 1);
  return name.length <= 63 && QUALIFIED.test(name) && (slash === -1 || isDnsSubdomain(text.slice(0, slash)));
};

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
export const isLabelValue = (text: string): boolean => text === '' || (text.length <= 63 && QUALIFIED.test(text));
