/** The options of `overread init --dicom`. */
import type { Command } from 'commander';
import { userConfigFolder } from '../core/base/userCache';
import { Pseudonyms } from '../core/intake/dicom/pseudonyms';
import { daysColumn, offeredColumns } from '../core/intake/dicom/tagColumns';
import type { InitOptions } from '../core/intake/init';
import type { CommandContext } from './command';

export interface DicomFlags {
  readonly dicom?: string;
  readonly labels?: string;
  readonly columns?: string;
  readonly keep?: string;
  readonly key?: string;
  /** Shared with --join. */
  readonly on?: readonly string[];
  readonly plan?: boolean;
}

/** A folder of DICOM files: what of their headers becomes a table. */
export function withDicomOptions(command: Command): Command {
  const offered = [...offeredColumns.map(({ name }) => name), daysColumn].join(', ');
  return command
    .option(
      '--dicom <folder>',
      'DICOM files; a samples.csv is written from their headers, without names and numbers of people',
    )
    .option(
      '--labels <table>',
      'with --dicom: the labels, by what --on names: SOPInstanceUID, AccessionNumber, …',
    )
    .option('--columns <names>', `with --dicom: which of these are written (default: all): ${offered}`)
    .option('--keep <names>', 'with --dicom: elements by keyword, and columns of the labels, written as well')
    .option('--key <file>', 'with --dicom: the key of pseudonyms of a colleague, in place of yours');
}

/** What a folder of DICOM files needs besides; nothing without one. */
export async function dicomOptions(
  context: CommandContext,
  { dicom, labels, columns, keep, key, on, plan }: DicomFlags,
): Promise<Pick<InitOptions, 'dicom' | 'pseudonyms' | 'labels' | 'labelKey' | 'columns' | 'keep'>> {
  if (dicom === undefined) return {};
  const pseudonyms =
    key === undefined
      ? await Pseudonyms.open(userConfigFolder(context.env), plan !== true)
      : await Pseudonyms.read(context.resolve(key));
  const [labelKey] = on ?? [];
  return {
    dicom: context.resolve(dicom),
    pseudonyms,
    ...(labels === undefined ? {} : { labels: context.resolve(labels) }),
    ...(labelKey === undefined ? {} : { labelKey }),
    ...(columns === undefined ? {} : { columns: listed(columns) }),
    ...(keep === undefined ? {} : { keep: listed(keep) }),
  };
}

/** The other options. */
export function withoutDicom<T extends DicomFlags>({
  dicom: _dicom,
  labels: _labels,
  columns: _columns,
  keep: _keep,
  key: _key,
  ...others
}: T): Omit<T, 'dicom' | 'labels' | 'columns' | 'keep' | 'key'> {
  return others;
}

const listed = (text: string): readonly string[] => text.split(',').map((name) => name.trim());
