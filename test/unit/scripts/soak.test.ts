import { expect } from 'chai';
import { withoutInner } from '../../../scripts/soak/left/objects.ts';
import { findings } from '../../../scripts/soak/summary.ts';

describe('the soak', () => {
  it('names a namespace that is left, and not all that is in it', () => {
    const inside = ['Pod/prod-x7k2a/web', 'ConfigMap/prod-x7k2a/kube-root-ca.crt'];
    const others = ['NetworkPolicy/shop/podreach-1', 'ClusterRole//podreach'];
    expect(withoutInner([...inside, 'Namespace//prod-x7k2a', ...others])).to.deep.equal([
      'Namespace//prod-x7k2a',
      ...others,
    ]);
  });

  it('finds what killed commands left, and runs after them that went wrong; what ends by itself is no finding', () => {
    const fine = { times: 2, late: 0, broke: [], atOnce: { Namespace: 3 }, left: [], nextOk: true };
    const commands = [
      { ...fine, name: 'probe' },
      { ...fine, name: 'run', broke: ['no cluster'], left: ['Namespace//prod-x7k2a'], nextOk: false },
    ];
    expect(findings([], [], { commands, left: [], listed: 7 })).to.deep.equal([
      'run broke before it was killed: no cluster',
      'left behind by run, and by the next run: Namespace//prod-x7k2a',
      'the run after run was not as expected',
    ]);
    expect(findings([], [], { commands: [], left: ['process in a pod'], listed: 0 })).to.deep.equal([
      'left behind by killed commands: process in a pod',
    ]);
  });
});
