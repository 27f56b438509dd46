/**
 * A file that was fetched or brought is read before anything is recorded of it: a hash that was pinned once is
 * believed ever after, also when it is that of an error page.
 */
import { OverreadError } from '../base/errors';
import { readPlainFile } from '../base/readPlain';
import type { Architecture } from '../networks/architecture';
import { adoptNames } from './adoptNames';
import { parseStateDict } from './stateDict/read';

/** Looks into a file. `remedy`: what to do when it is refused. @throws OVR502 it is not what was asked for */
export type FileCheck = (file: string, remedy: string) => Promise<void>;

/** The check of weights of that architecture: every tensor is there, whole, and of the right shape. */
export function weightsCheck(architecture: Architecture, name: string): FileCheck {
  return async (file, remedy) => {
    try {
      adoptNames(await parseStateDict(await readPlainFile(file), name), architecture, name);
    } catch (error) {
      if (!(error instanceof OverreadError) || error.code !== 'OVR502') throw error;
      const { code, message, place, expected } = error;
      throw new OverreadError({
        code,
        message,
        ...(place ? { place } : {}),
        ...(expected === undefined ? {} : { expected }),
        fix: remedy,
        cause: error,
      });
    }
  };
}
