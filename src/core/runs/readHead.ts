/** The last layer that a run exported. */
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { readPlainFile } from '../base/readPlain';
import { parseHead } from '../training/head';
import type { Head } from '../training/model';
import { runFiles } from './folder';

/** Reads `head.safetensors` of a run's folder. @throws OVR801 it is missing or damaged */
export async function readHead(dir: string): Promise<Head> {
  const file = path.join(dir, runFiles.head);
  const bytes = await readPlainFile(file).catch((cause: unknown) => {
    throw new OverreadError({
      code: 'OVR801',
      message: 'The last layer of the run cannot be read',
      place: { file },
      fix: 'Restore the run folder from version control, or fine-tune again',
      cause,
    });
  });
  return parseHead(bytes);
}
