/** Flags as data: each knows the type of its value, so a command and the code behind it agree on it. */
import { Option } from 'commander';
import { notEmpty } from './values.ts';

/** A flag whose value, if given or preset, is a `Value`. */
export interface Flag<Value> {
  readonly option: Option;
  /** For the type checker alone. */
  readonly value?: Value;
}

/** One flag for each property that a command takes; the property has the flag's name in camel case. */
export type FlagsOf<Values> = { readonly [Name in keyof Values]-?: Flag<Exclude<Values[Name], undefined>> };

/** A flag without a value: `--bail`. */
export const toggle = (name: string, description: string): Flag<boolean> => ({ option: new Option(name, description) });

/** A flag with a text for a value: `--context <name>`. */
export const text = (name: string, description: string): Flag<string> => parsed(name, description, notEmpty);

/**
 * A flag whose value is read by `parse`. If the flag is repeated, `parse` also gets the value before. It throws an
 * InvalidArgumentError that says what is allowed.
 */
export const parsed = <Value>(
  name: string,
  description: string,
  parse: (text: string, before?: Value) => Value,
  preset?: { readonly value: Value; readonly shown?: string },
): Flag<Value> => {
  const option = new Option(name, description).argParser(parse);
  return { option: preset ? option.default(preset.value, preset.shown) : option };
};

/** A flag that takes one of a few words. */
export const choice = <const Word extends string>(
  name: string,
  description: string,
  words: readonly Word[],
  preset?: Word,
): Flag<Word> => ({ option: new Option(name, description).choices(words).default(preset) });

/** The same flag, but it excludes another one; `other` is that one's name in camel case. */
export const exclusive = <Value>(flag: Flag<Value>, other: string): Flag<Value> => ({
  option: flag.option.conflicts(other),
});
