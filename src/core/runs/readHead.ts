/** The last layer that a run exported. */
import { OverreadError } from '../base/errors';
import { parseHead } from '../training/head';
import type { Head } from '../training/model';
import type { Run } from './folder';
import { damaged, readRunFile, runFiles } from './runFile';

/** Reads `head.safetensors` of a run. @throws OVR801 it is missing or damaged */
export async function readRunHead({ dir, record }: Pick<Run, 'dir' | 'record'>): Promise<Head> {
  const bytes = await readRunFile(dir, record.run, runFiles.head);
  try {
    return parseHead(bytes);
  } catch (error) {
    if (!(error instanceof OverreadError)) throw error;
    throw damaged(record.run, runFiles.head, `is damaged (${error.message})`, undefined, error);
  }
}
