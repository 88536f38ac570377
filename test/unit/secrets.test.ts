import { expect } from 'chai';
import fc from 'fast-check';
import { PodreachError } from '../../src/errors.ts';
import { keepSecret, masked } from '../../src/secrets.ts';

describe('masked', () => {
  it('leaves text alone that holds no secret', () => {
    expect(masked('nothing to hide')).to.equal('nothing to hide');
    expect(masked('')).to.equal('');
  });

  it('hides a secret wherever it stands, as often as it stands there', () => {
    keepSecret('hush-hush-4711');
    expect(masked('a hush-hush-4711, b hush-hush-4711')).to.equal('a [secret], b [secret]');
  });

  it('hides a secret that is cut short', () => {
    keepSecret('abcdefghijklmnopqrstuvwxyz');
    expect(masked('token=abcdefghijklmno…')).to.equal('token=[secret]…');
  });

  it('hides secrets of which one begins or goes on like the other', () => {
    keepSecret('begins-alike');
    keepSecret('begins-alike-and-goes-on');
    keepSecret('and-goes-on-further');
    expect(masked('begins-alike-and-goes-on')).to.equal('[secret]');
    expect(masked('begins-alike-and-goes-on-further')).to.equal('[secret]');
  });

  it('hides a secret encoded for a URL, a header or JSON', () => {
    keepSecret('p@ss/w"rd & more');
    const url = new URLSearchParams({ q: 'p@ss/w"rd & more' }).toString().replaceAll('+', '%20');
    expect(masked(url)).to.equal('q=[secret]');
    expect(masked(JSON.stringify({ q: 'p@ss/w"rd & more' }))).to.equal('{"q":"[secret]"}');
  });

  it('hides the lines of a key, and not that there is one', () => {
    const lines = ['MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg', 'Xm1rW0ZpZ0R1c2NoT3BhUGFsYXR1Y2hI'];
    keepSecret(`-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`);
    expect(masked(`the line ${lines[1]}`)).to.equal('the line [secret]');
    expect(masked('no -----END PRIVATE KEY----- found')).to.equal('no -----END PRIVATE KEY----- found');
  });

  it('does not hide what would be found in ordinary words', () => {
    keepSecret('a');
    keepSecret('short');
    expect(masked('a short word')).to.equal('a short word');
  });

  it('hides base64 of whatever holds the secret', () => {
    const text = fc.string({ unit: 'binary-ascii', maxLength: 20 });
    fc.assert(
      fc.property(text, text, fc.base64String({ minLength: 12, maxLength: 40 }), (before, after, secret) => {
        keepSecret(secret);
        const whole = Buffer.from(before + secret + after);
        for (const encoding of ['base64', 'base64url'] as const) {
          const shown = masked(whole.toString(encoding));
          expect(shown).to.contain('[secret]');
          // What is left at either end may tell a byte of the secret, and no more.
          const left = shown.split('[secret]').map((part) => Buffer.from(part, encoding).length);
          expect(left.reduce((sum, length) => sum + length, 0)).to.be.at.most(before.length + after.length + 2);
        }
      }),
    );
  });
});

describe('PodreachError', () => {
  it('holds no secret in its message or its hint', () => {
    keepSecret('told-in-an-error');
    const error = new PodreachError('the server said told-in-an-error', { hint: 'try told-in-an-error' });
    expect(error.message).to.equal('the server said [secret]');
    expect(error.hint).to.equal('try [secret]');
    expect(error.stack).not.to.contain('told-in-an-error');
  });
});
