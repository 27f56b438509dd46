/** What `init` makes of an input, read again from the project that it wrote, and noted for the table of inputs. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { TestContext } from 'vitest';
import { OverreadError } from '../../../../src/core/base/errors';
import { loadConfig } from '../../../../src/core/config/config';
import { ImageResolver } from '../../../../src/core/dataset/imagePath';
import type { Dataset } from '../../../../src/core/dataset/model';
import { readDataset } from '../../../../src/core/dataset/read';
import { decodeImage } from '../../../../src/core/images/decode';
import { initProject, type InitOptions, type InitResult } from '../../../../src/core/intake/init';

/** A line of the table that `npm run test:intake` prints. */
export interface IntakeRow {
  readonly input: string;
  readonly result: string;
  readonly sentence: string;
}

declare module 'vitest' {
  interface TaskMeta {
    intake?: IntakeRow[];
  }
}

/** Adds a line to the table. */
export function note({ task }: TestContext, row: IntakeRow): void {
  (task.meta.intake ??= []).push(row);
}

export interface Understood {
  readonly root: string;
  readonly result: InitResult;
  readonly dataset: Dataset;
  /** Images of the samples that can be decoded. */
  readonly images: number;
}

/** Takes `init` through an input. @param within the folder that `images`, `csv` and `imageRoot` are relative to */
export async function understand(within: string, options: Partial<InitOptions>): Promise<Understood> {
  const root = path.join(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-intake-')), 'P');
  const inFolder = (['images', 'csv', 'imageRoot'] as const).flatMap((key) =>
    options[key] === undefined ? [] : [[key, path.join(within, options[key])] as const],
  );
  try {
    const result = await initProject({ ...options, ...Object.fromEntries(inFolder), root });
    const config = await loadConfig(root);
    const { dataset } = await readDataset(root, config);
    const resolver = await ImageResolver.open(root, config);
    let images = 0;
    for (const sample of dataset.samples) if (await decodes(() => resolver.resolve(sample))) images++;
    return { root, result, dataset, images };
  } catch (error) {
    await remove(root);
    throw error;
  }
}

/** Removes the project of an input. */
export async function remove(root: string): Promise<void> {
  await fs.rm(path.dirname(root), { recursive: true, force: true });
}

async function decodes(locate: () => string): Promise<boolean> {
  try {
    await decodeImage(locate());
    return true;
  } catch (error) {
    if (error instanceof OverreadError) return false;
    throw error;
  }
}

/** The settings that were chosen. */
export const settingsOf = ({ choices }: InitResult): Record<string, unknown> =>
  Object.fromEntries(choices.map(({ setting, value }) => [setting, value]));

/** All that was said: problems by their codes, reasons, columns that are not used. */
export const sentencesOf = ({ problems, choices, ignored }: InitResult): string =>
  [
    ...problems.map(({ code, message }) => `${code} ${message}`),
    ...choices.map(({ because }) => because),
    ...ignored.map(({ column, because }) => `${column}: ${because}`),
  ].join('\n');

/** "48 of 48 images, 24 patients, multi-class: nv, mel". */
export function describeResult({ result, images, dataset }: Understood): string {
  const findings =
    dataset.task === 'multi-class'
      ? (dataset.findings[0]?.values ?? [])
      : dataset.findings.map(({ name }) => name);
  const shown = `${findings.slice(0, 4).join(', ')}${findings.length > 4 ? `, … (${findings.length})` : ''}`;
  return `${images} of ${result.samples} images, ${result.patients} patients, ${result.task}: ${shown}`;
}

/** What an input is refused with: its sentence and the way out. @throws where it is not refused */
export async function refusalOf(work: Promise<Understood>): Promise<OverreadError> {
  try {
    const { root } = await work;
    await remove(root);
  } catch (error) {
    if (error instanceof OverreadError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

/** The line of all that was said in which a sentence stands. */
export const lineWith = (said: string, sentence: RegExp): string =>
  said.split('\n').find((line) => sentence.test(line)) ?? '';
