import { expect } from 'chai';
import { createStatusLine } from '../../src/status-line.ts';

const CLEAR = '\r\x1b[2K';

describe('the status line', () => {
  let written: string[];
  let nowMs: number;
  let columns: number;
  beforeEach(() => {
    [written, nowMs, columns] = [[], 0, 80];
  });
  const create = () =>
    createStatusLine({ write: (text) => void written.push(text), columns: () => columns, now: () => nowMs });

  it('replaces itself, but not for each of many changes at one moment', () => {
    const { show } = create();
    show('one');
    show('two');
    nowMs += 100;
    show('three');
    expect(written).to.deep.equal([`${CLEAR}one`, `${CLEAR}three`]);
  });

  it('is away while others write, and comes back after the last of them with what it says by then', () => {
    const { show, hide } = create();
    show('one');
    const [first, second] = [hide(), hide()];
    nowMs += 100;
    show('two');
    first();
    first();
    expect(written).to.deep.equal([`${CLEAR}one`, CLEAR]);
    second();
    expect(written.at(-1)).to.equal(`${CLEAR}two`);
  });

  it('never fills the last column, whatever the width of its characters', () => {
    columns = 10;
    const { show } = create();
    show('123456789');
    nowMs += 100;
    show('1234567890');
    nowMs += 100;
    show('웹웹웹웹웹웹');
    expect(written).to.deep.equal([`${CLEAR}123456789`, `${CLEAR}12345678…`, `${CLEAR}웹웹웹웹…`]);
  });

  it('is gone at the end, and nothing is written if it never was there', () => {
    const line = create();
    line.end();
    expect(written).to.deep.equal([]);
    line.show('one');
    line.end();
    line.hide()();
    expect(written).to.deep.equal([`${CLEAR}one`, CLEAR]);
  });
});
