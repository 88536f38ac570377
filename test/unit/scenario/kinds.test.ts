import { expect } from 'chai';
import { type Treatment, treatmentOf, vendorOf } from '../../../src/scenario/kinds.ts';

const kinds: Readonly<Record<Treatment, readonly string[]>> = {
  policy: [
    'networking.k8s.io/v1 NetworkPolicy',
    // Slips, for the reader to refuse: passing over them would change the truth.
    ...['extensions/v1beta1 NetworkPolicy', 'networking.k8s.io/v1beta1 NetworkPolicy', 'v1 NetworkPolicy'],
    ...['networking/v1 NetworkPolicy', 'network.k8s.io/v1 NetworkPolicy', 'networking.k8s.io/v1 Networkpolicy'],
    ...['networking.k8s.io/v1 NetworkPolicies', ' NetworkPolicy', 'networking.k8s.io/v1 ', 'v1 ', ' Deployment'],
  ],
  'foreign-policy': [
    ...['projectcalico.org/v3 NetworkPolicy', 'crd.projectcalico.org/v1 GlobalNetworkPolicy'],
    ...['projectcalico.org/v3 StagedKubernetesNetworkPolicy', 'cilium.io/v2 CiliumNetworkPolicy'],
    ...['cilium.io/v2 CiliumClusterwideNetworkPolicy', 'policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy'],
    ...['policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy', 'crd.antrea.io/v1beta1 NetworkPolicy'],
    ...['policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy', 'crd.antrea.io/v1beta1 ClusterNetworkPolicy'],
    ...['k8s.cni.cncf.io/v1beta1 MultiNetworkPolicy', 'network.openshift.io/v1 EgressNetworkPolicy'],
    ...['k8s.ovn.org/v1 EgressFirewall', 'security.istio.io/v1 AuthorizationPolicy', 'example.org/v1 NetworkPolicy'],
    ...['example.org/v1 MyNetworkPolicy'],
  ],
  other: [
    ...[
      'apps/v1 Deployment',
      'v1 Service',
      'kustomize.config.k8s.io/v1beta1 Kustomization',
      'policy/v1 PodDisruptionBudget',
    ],
    ...['networking.k8s.io/v1 Ingress', 'networking.k8s.io/v1 IngressClass', 'networking.k8s.io/v1 ServiceCIDR'],
    ...['gateway.networking.k8s.io/v1 HTTPRoute', 'projectcalico.org/v3 IPPool', 'v1 List'],
  ],
};

describe('what podreach does with a kind of object', () => {
  for (const [treatment, names] of Object.entries(kinds))
    for (const name of names)
      it(`${name}: ${treatment}`, () => {
        const [apiVersion = '', kind = ''] = name.split(' ');
        expect(treatmentOf({ apiVersion, kind })).to.equal(treatment);
      });

  it('knows whose an API is by its group, and by nothing that only looks like it', () => {
    expect(vendorOf('projectcalico.org/v3')).to.equal('Calico');
    expect(vendorOf('crd.projectcalico.org/v1')).to.equal('Calico');
    expect(vendorOf('notprojectcalico.org/v1')).to.equal(null);
    expect(vendorOf('v1')).to.equal(null);
  });
});
