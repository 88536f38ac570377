import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import type { KubeObject } from '../../../src/kube/client.ts';
import { isAgentOrdered } from '../../../src/settle/ordered-agent.ts';
import { fakeClient } from '../deploy/fake-client.ts';
import { failureOf } from '../failure-of.ts';

type Env = readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];

const calicoNode = (env?: Env, container = 'calico-node'): KubeObject => ({
  metadata: { name: 'calico-node' },
  spec: { template: { spec: { containers: [{ name: container, ...(env && { env }) }] } } },
});
const felix = (spec?: object): KubeObject => ({ metadata: { name: 'default' }, ...(spec && { spec }) });

/** Whether the agents of a cluster with these objects count as ordered; what is left out can't be asked for. */
const isOrdered = (daemonSets?: readonly KubeObject[], configurations?: readonly KubeObject[]) => {
  const list = async (path: string, { labelSelector }: { readonly labelSelector?: string } = {}) => {
    const isAboutPods = path === '/apis/apps/v1/daemonsets';
    if (isAboutPods) expect(labelSelector).to.equal('k8s-app=calico-node');
    else expect(path).to.equal('/apis/crd.projectcalico.org/v1/felixconfigurations');
    const found = isAboutPods ? daemonSets : configurations;
    if (!found) throw new PodreachError('403 Forbidden');
    return found;
  };
  return isAgentOrdered(fakeClient({ list }));
};

describe('isAgentOrdered', () => {
  it('is so for Calico as it comes, and where BPF is turned off', async () => {
    expect(await isOrdered([calicoNode()], [felix({ floatingIPs: 'Disabled' })])).to.equal(true);
    expect(await isOrdered([calicoNode()], [])).to.equal(true);
    expect(await isOrdered([calicoNode([{ name: 'FELIX_IPV6SUPPORT', value: 'true' }])], [felix()])).to.equal(true);
    const off = [{ name: 'FELIX_BPFENABLED', value: 'false' }];
    expect(await isOrdered([calicoNode(off)], [felix({ bpfEnabled: false, nftablesMode: 'Auto' })])).to.equal(true);
  });

  it('is not if another dataplane is at work, or may be', async () => {
    expect(await isOrdered([calicoNode()], [felix({ bpfEnabled: true })])).to.equal(false);
    expect(await isOrdered([calicoNode()], [felix(), felix({ nftablesMode: 'Enabled' })])).to.equal(false);
    for (const env of [
      [{ name: 'FELIX_BPFENABLED', value: 'true' }],
      [{ name: 'FELIX_BPFEnabled', value: 'True' }],
      [{ name: 'FELIX_NFTABLESMODE', value: 'Enabled' }],
      [
        { name: 'FELIX_IPV6SUPPORT', value: 'true' },
        { name: 'FELIX_BPFENABLED', value: 'true' },
      ],
      [{ name: 'FELIX_BPFENABLED', valueFrom: { configMapKeyRef: {} } }],
    ])
      expect(await isOrdered([calicoNode(env)], [felix()]), JSON.stringify(env)).to.equal(false);
  });

  it('is not for other agents, nor if that cannot be found out', async () => {
    expect(await isOrdered([], [])).to.equal(false);
    expect(await isOrdered([calicoNode([], 'canal')], [])).to.equal(false);
    expect(await isOrdered([calicoNode(), calicoNode()], [])).to.equal(false);
    expect(await isOrdered([calicoNode(), calicoNode([], 'canal')], [])).to.equal(false);
    expect(await isOrdered(undefined, [])).to.equal(false);
    expect(await isOrdered([calicoNode()], undefined)).to.equal(false);
  });

  it('throws on an abort, and on what podreach does not know', async () => {
    const interrupted = new PodreachError('interrupted');
    const client = fakeClient({ list: async () => Promise.reject(interrupted) });
    expect(await failureOf(isAgentOrdered(client, AbortSignal.abort()))).to.equal(interrupted);
    const defect = new TypeError('x is undefined');
    expect(await failureOf(isAgentOrdered(fakeClient({ list: async () => Promise.reject(defect) })))).to.equal(defect);
  });
});
