/**
 * The secrets that this process knows. Code that reads a credential registers it here; every PodreachError and
 * everything that leaves the process (standard output, standard error, report files) is masked.
 */

/** A shorter secret is not masked: ordinary words contain it, and masking those would reveal it. */
const SHORTEST = 6;
/**
 * This much of a secret's beginning is masked too, because messages are cut anywhere. A shorter secret counts only
 * whole.
 */
const HEAD = 12;
const MASK = '[secret]';
/** The first and the last line of a PEM block, which are not secret. */
const ARMOUR = /^-----(BEGIN|END) [A-Z ]+-----$/;

const known = new Set<string>();
const forms = new Set<string>();

/** Registers a secret in the forms in which a server or a program may repeat it, and each of its lines as it is. */
export const keepSecret = (secret: string | null | undefined): void => {
  if (!secret || known.has(secret)) return;
  known.add(secret);
  if (secret.length < SHORTEST) return;
  const lines = secret.split('\n').map((line) => line.trim());
  for (const form of [...formsOf(secret), ...lines.filter((line) => !ARMOUR.test(line))])
    if (form.length >= SHORTEST) forms.add(form);
};

/** The text with `[secret]` in place of every known secret, whole or cut short. */
export const masked = (text: string): string => {
  const spans = [...forms].flatMap((form) => spansIn(text, form)).sort((a, b) => a.from - b.from);
  let result = '';
  let done = 0;
  for (const { from, to } of spans) {
    if (from >= done) result += text.slice(done, from) + MASK;
    done = Math.max(done, to);
  }
  return result + text.slice(done);
};

const spansIn = (text: string, form: string): { readonly from: number; readonly to: number }[] => {
  const head = form.slice(0, HEAD);
  const spans = [];
  for (let from = text.indexOf(head); from >= 0; from = text.indexOf(head, from + 1)) {
    let length = head.length;
    while (length < form.length && text[from + length] === form[length]) length += 1;
    spans.push({ from, to: from + length });
  }
  return spans;
};

const formsOf = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret.toWellFormed()),
  new URLSearchParams([['', secret]]).toString().slice(1),
  JSON.stringify(secret).slice(1, -1),
  ...[0, 1, 2].flatMap((offset) => {
    const base64 = base64Within(secret, offset);
    return [base64, base64.replaceAll('+', '-').replaceAll('/', '_')];
  }),
];

/** The secret in base64 after `offset` bytes (modulo 3), without the characters that depend on what surrounds it. */
const base64Within = (secret: string, offset: number): string => {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const begin = [0, 2, 3][offset] ?? 0;
  return bytes.toString('base64').slice(begin, Math.floor((bytes.length * 8) / 6));
};
