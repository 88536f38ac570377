import { loadSettings, type Settings } from '../scenario/index.ts';
import type { DescribeOptions } from './options.ts';

/** What can't go with `images: 'build'`, which wins where a suite says it. */
const PULLED = ['mirror', 'registryCa', 'nodeImage', 'calico', 'probeImage'] as const;

/** The options of a suite, and for the others what podreach.yaml says, as flags win over it on the command line. */
export const withSettings = async (options: DescribeOptions, folder = '.'): Promise<DescribeOptions> => {
  const settings = await loadSettings(folder);
  return settings ? { ...optionsOf(settings, options), ...defined(options) } : options;
};

const optionsOf = (settings: Settings, { images }: DescribeOptions): DescribeOptions => {
  const { config: configFile, timeout: timeoutMs, settleTimeout: settleTimeoutMs, ...own } = settings;
  const pulled = images === 'build' ? {} : Object.fromEntries(PULLED.map((key) => [key, own[key]]));
  const { ipFamily, record, retries } = own;
  return defined({ images: own.images, configFile, timeoutMs, settleTimeoutMs, ipFamily, record, retries, ...pulled });
};

/** Without what is undefined. */
const defined = (options: { readonly [Key in keyof DescribeOptions]: DescribeOptions[Key] | undefined }) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as DescribeOptions;
