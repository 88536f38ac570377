import { readFile } from 'node:fs/promises';
import { PodreachError } from '../errors.ts';
import { type IpFamily, withFamily } from './ip-family.ts';

/** The choices that determine a cluster. */
export interface ConfigChoice {
  /** Path of kind-config.yaml. */
  readonly configFile: string;
  /** Overrides what the file says. */
  readonly ipFamily?: IpFamily | undefined;
}

/** The text of kind's configuration as chosen. Throws a PodreachError if there is none. */
export const readConfig = async ({ configFile, ipFamily }: ConfigChoice): Promise<string> => {
  const config = await readFile(configFile, 'utf8').catch((cause: unknown) => {
    throw new PodreachError(`the cluster's configuration ${configFile} can't be read`, {
      hint: 'does it exist, and is this user allowed to read it? --config names another file',
      cause,
    });
  });
  if (config.trim() === '') throw new PodreachError(`the cluster's configuration ${configFile} is empty`);
  return ipFamily === undefined ? config : withFamily(config, ipFamily);
};
