import { expect } from 'chai';
import { testAllowAll } from '../../../../src/commands/diagnose/allow-all-test.ts';
import type { AllowAllFact } from '../../../../src/diagnose/index.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { silent } from '../../../../src/progress.ts';
import { fakeClient } from '../../deploy/fake-client.ts';

const open: AllowAllFact = {
  value: {
    ...{ from: 'dev/client', to: 'prod/web', port: 80, protocol: 'TCP' },
    ...{ verdict: 'allowed', flaky: false, attempts: 1, detail: '' },
  },
};
const policies = [{ namespace: 'prod', direction: 'ingress', selects: 'prod/web', spec: { podSelector: {} } }] as const;

describe('the allow-all test of a diagnosis', () => {
  it('says what it saw even if its policy could not be removed, and which one stays', async () => {
    const client = fakeClient({
      create: async () => ({ metadata: { namespace: 'prod', name: 'x', uid: 'u' } }),
      delete: async () => {
        throw new PodreachError('refused');
      },
    });
    const { signal } = new AbortController();
    const test = { policies, mayExpire: new Set<string>() };
    const { result, failures } = await testAllowAll(client, test, 'podreach-1', async () => open, {
      signal,
      progress: silent,
    });
    expect(result).to.equal(open);
    const [{ message }] = failures as [PodreachError];
    expect(message).to.match(/\/prod\/networkpolicies\/podreach-1-1 could not be removed$/);
  });
});
