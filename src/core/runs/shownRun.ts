/**
 * Which run the review shows. It is the newest that the project has trained; a run from elsewhere is shown only where
 * somebody chose it, and only until the project is fine-tuned again: the choice names a run and when it was made.
 */
import * as path from 'node:path';
import { Type } from '@sinclair/typebox';
import { JsonFault, jsonReader } from '../base/checkedJson';
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import type { ProjectFolder } from '../base/projectFolder';
import { readPlainFile } from '../base/readPlain';
import { timedName } from '../base/wholeFolders';
import { listRunNames, runsName } from './folder';

/** A run that somebody chose. */
export interface ShownChoice {
  readonly run: string;
  /** When, UTC; a run that is trained later is shown instead. */
  readonly time: string;
}

/** The choice, beside the runs that it is about. */
export const shownFile = `${runsName}/shown.json`;

const readChoice = jsonReader(
  Type.Object({
    v: Type.Literal(1),
    run: Type.String({ minLength: 1, maxLength: 1000 }),
    time: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' }),
  }),
);

/** The choice that stands; undefined where there is none, or none that can be read: then the newest run is shown. */
async function readShown(root: string): Promise<ShownChoice | undefined> {
  try {
    return readChoice((await readPlainFile(path.join(root, shownFile))).toString('utf8'));
  } catch (error) {
    if (error instanceof JsonFault || error instanceof OverreadError || isErrnoException(error)) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Chooses a run, or with null the newest that the project has trained.
 * @param run its whole name
 * @throws OVR003, OVR005 the choice cannot be written
 */
export async function chooseRun(folder: ProjectFolder, run: string | null, time: Date): Promise<void> {
  if (run === null) return folder.removeFile(shownFile);
  await folder.writeFile(shownFile, `${JSON.stringify({ v: 1, run, time: time.toISOString() })}\n`);
}

/** A run that may be the one to show. */
export interface Candidate {
  readonly name: string;
  /** Somebody chose it, so it may come from elsewhere. */
  readonly chosen: boolean;
}

/**
 * The runs in the order in which they are tried: what was made since the choice, the chosen one, the others; each
 * newest first.
 */
export async function candidates(root: string): Promise<readonly Candidate[]> {
  const [names, choice] = await Promise.all([listRunNames(root), readShown(root)]);
  const newest = names.reverse();
  if (!choice || !newest.includes(choice.run)) return newest.map((name) => ({ name, chosen: false }));
  // Names begin with their time, so they compare by it.
  const since = timedName(new Date(choice.time), '');
  const others = newest.filter((name) => name !== choice.run);
  return [
    ...others.filter((name) => name > since),
    choice.run,
    ...others.filter((name) => name <= since),
  ].map((name) => ({ name, chosen: name === choice.run }));
}
