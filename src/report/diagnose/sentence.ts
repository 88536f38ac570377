/** The finding of a diagnosis as one sentence. Not printable yet. */
import type { Diagnosis, Finding } from '../../diagnose/index.ts';
import type { Verdict } from '../../probe/index.ts';
import { portText } from '../../scenario/index.ts';
import { listed } from '../../text.ts';
import { causeText } from './cause.ts';

export const sentenceOf = ({ facts, finding }: Pick<Diagnosis, 'facts' | 'finding'>): string => {
  const { asked, question } = facts;
  const path = `${asked.from} -> ${asked.to} ${portText({ number: asked.port, protocol: asked.protocol })}`;
  return `${findingText(path, finding, question.want)}.`;
};

const findingText = (path: string, finding: Finding, want: 'allow' | 'deny'): string => {
  switch (finding.kind) {
    case 'as-wanted':
      return finding.observed === 'allowed'
        ? `${path} is open${finding.decision === null ? '' : ', as the policies say'}`
        : `${path} is blocked (${finding.observed})${finding.decision === null ? '' : ', as the policies say'}, as you want it`;
    case 'not-running':
      return `${path} can't be open, because ${finding.endpoint} is not running: ${finding.state}`;
    case 'no-such-port':
      return `the Service ${finding.service} has no port ${finding.port}: it has ${listed(finding.ports)}`;
    case 'no-backend':
      return `no pod is behind the Service ${finding.service}: its selector ${finding.selector} selects none${finding.nearest ? `, and ${finding.nearest.endpoint} comes nearest with ${finding.nearest.labels}` : ''}`;
    case 'no-ready-backend':
      return `no pod behind the Service ${finding.service} is ready: ${listed(finding.backends, 3)}`;
    case 'not-listening':
      return notListening(path, finding);
    case 'service-path':
      return `${path} is blocked (${finding.observed}) between the Service and its pods: ${finding.backend} answers directly, so look at kube-proxy, or what replaces it, on the source's node`;
    case 'unseen':
      return `it is not known whether ${path} is open: ${finding.detail}`;
    case 'changed':
      return `the policies changed while podreach looked at ${path}, so it says nothing about them: run it again`;
    case 'undefined':
      return `${path} is ${openText(finding.observed)}, and the specification leaves undefined what policies do to it`;
    case 'not-explained':
      return `${path} is ${openText(finding.observed)}, and it is not known why: ${finding.missing}`;
    case 'blocked':
      return `${path} is blocked (${finding.observed}): ${finding.causes.map(causeText).join('; and ')}${blockedBesides(finding.allowAll)}`;
    case 'open':
      return `${path} is open, though you want it blocked: ${finding.causes.map(causeText).join('; and ')}`;
    case 'disagree':
      return `the CNI and the specification disagree: by its policies ${path} ${finding.decision === 'allow' ? 'should be open' : 'should be blocked'}, and it is ${openText(finding.observed)}${disagreeBesides(finding.allowAll)}${want === 'allow' && finding.observed === 'allowed' ? ', as you want it' : ''}`;
  }
};

const openText = (observed: Verdict): string => (observed === 'allowed' ? 'open' : `blocked (${observed})`);

const notListening = (path: string, finding: Extract<Finding, { kind: 'not-listening' }>): string => {
  const { endpoint, port, observed, service, declared } = finding;
  const what = `${path} can't be open, because nothing listens on ${port} of ${endpoint}: it does not reach itself (${observed})`;
  if (service)
    return `${what}; that is the port of the Service ${service.name}, whose pods listen on ${service.target}`;
  return declared.length > 0 ? `${what}; it declares ${listed(declared)}` : what;
};

const blockedBesides = (allowAll: Verdict | null): string => {
  if (allowAll === null) return '';
  return allowAll === 'allowed'
    ? ' (a temporary allow-all opened it)'
    : ` (and a temporary allow-all did not open it (${allowAll}), so something besides these policies blocks it as well)`;
};

const disagreeBesides = (allowAll: Verdict | null): string => {
  if (allowAll === null) return '';
  return allowAll === 'allowed'
    ? '; a temporary allow-all opened it, so it is not the route'
    : `; a temporary allow-all did not open it (${allowAll}), so it is the route, or rules of another kind`;
};
