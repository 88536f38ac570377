import { expect } from 'chai';
import { controlPlane, isRecent } from '../../../src/cluster/kind.ts';

describe('kind', () => {
  const versions: readonly [version: string, recent: boolean][] = [
    ['0.33.0', true],
    ['0.33.1', true],
    ['0.40.0', true],
    ['1.0.0', true],
    ['0.32.9', false],
    ['0.9.0', false],
    ['0.4.0', false],
    ['0.34.0-alpha+3f1a0f6ac8b2c5', true],
    ['0.32.0-alpha', false],
  ];
  for (const [version, recent] of versions)
    it(`is ${recent ? '' : 'not '}recent enough as ${version}`, () => {
      expect(isRecent(`kind v${version} go1.26.8 linux/amd64`)).to.equal(recent);
    });

  for (const rubbish of ['', 'kind unknown go1.26.8', 'kind', 'kind version unknown', 'command not found'])
    it(`is not recent enough when it says ${JSON.stringify(rubbish)}`, () => {
      expect(isRecent(rubbish)).to.equal(false);
    });

  it('names the control plane after the cluster', () => {
    expect(controlPlane('podreach-1a2b')).to.equal('podreach-1a2b-control-plane');
  });
});
