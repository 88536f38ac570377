import { expect } from 'chai';
import { wayOf } from '../../../src/attach/way.ts';

const ordinary = { isStatic: false };

describe('wayOf', () => {
  it('takes an ephemeral container if it may, and may fall back', () => {
    expect(wayOf(ordinary, 'auto', true)).to.deep.equal({ by: 'ephemeral', because: null, mayFallBack: true });
  });

  it('takes exec if it has to, and says why', () => {
    expect(wayOf(ordinary, 'auto', false)).to.deep.include({ by: 'exec', mayFallBack: false });
    expect(wayOf(ordinary, 'auto', false).because).to.contain('you are not allowed');
    expect(wayOf({ isStatic: true }, 'auto', true).because).to.contain('static');
  });

  it('does as it is told, and never the other', () => {
    for (const isStatic of [true, false])
      for (const mayAdd of [true, false]) {
        expect(wayOf({ isStatic }, 'exec', mayAdd)).to.deep.equal({ by: 'exec', because: null, mayFallBack: false });
        const ephemeral = wayOf({ isStatic }, 'ephemeral', mayAdd);
        expect(ephemeral).to.deep.equal({ by: 'ephemeral', because: null, mayFallBack: false });
      }
  });
});
