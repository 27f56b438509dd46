/**
 * Images that are one patient after all (near duplicates, two spellings of a name): `splits/groups.csv`, a line for each image,
 * with who said so and when. Lines are appended and never changed: who takes an image out of its group again adds a line whose
 * group begins with `!`.
 */
import * as path from 'node:path';
import { ulid } from 'ulid';
import { OverreadError } from '../base/errors';
import { normalisePath, readTextIfPresent } from '../base/files';
import type { ProjectFolder } from '../base/projectFolder';
import { type ProblemList } from '../dataset/problemList';
import { readTable } from '../table/table';
import { quoteCell } from './splitFiles';

export const groupsFile = 'splits/groups.csv';
const header = 'sample,group,reason,by,time';
/** Before the name of a group: the sample is no longer in it, from this line on. */
const takenOut = '!';

/** Samples that somebody joined, by the name of their group. */
export type JoinedGroups = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the file of a project; nothing where there is none. Lines that are damaged are told (OVR217) and left out.
 * @param samples ids of the table
 */
export async function readJoinedGroups(
  root: string,
  samples: ReadonlySet<string>,
  faults: ProblemList,
): Promise<JoinedGroups> {
  const absolute = path.join(root, groupsFile);
  const groups = new Map<string, string[]>();
  if (((await readTextIfPresent(absolute)) ?? '').trim() === '') return groups;
  const table = await readTable(absolute, groupsFile).catch((error: unknown) => {
    if (!(error instanceof OverreadError)) throw error;
    faults.add('error', 'OVR217', () => ({
      message: `The images that are kept together cannot be read: ${error.message}`,
      place: { file: groupsFile },
      fix: 'Restore the file from version control.',
    }));
  });
  if (!table) return groups;
  const column = (name: string) => table.columns[table.names.indexOf(name)];
  const [ids, names] = [column('sample'), column('group')];
  const damaged = (what: string, row: number): void => {
    faults.add('warning', 'OVR217', () => ({
      message: `The line keeps nothing together: ${what}`,
      place: { file: groupsFile, row },
      expected: header,
      fix: 'Correct or delete it.',
    }));
  };
  for (const { line, reason } of table.rejected) damaged(reason, line);
  for (let i = 0; i < table.rowCount; i++) {
    const [id, name] = [ids?.[i] ?? '', names?.[i] ?? ''];
    if (id === '' || name === '') damaged('it names no sample, or no group', table.lineOf(i));
    else if (!samples.has(normalisePath(id))) damaged('the table has no such sample', table.lineOf(i));
    else takeIn(groups, normalisePath(id), name);
  }
  return groups;
}

function takeIn(groups: Map<string, string[]>, id: string, name: string): void {
  const isOut = name.startsWith(takenOut);
  const group = isOut ? name.slice(takenOut.length) : name;
  const others = (groups.get(group) ?? []).filter((other) => other !== id);
  groups.set(group, isOut ? others : [...others, id]);
}

export interface Joining {
  readonly samples: readonly string[];
  readonly reason: string;
  readonly by: string;
  readonly time: Date;
}

/**
 * Adds lines that join these samples.
 * @throws OVR003 the file system refused; OVR005 a link is in the way, or the workspace is not trusted
 */
export async function appendJoinedGroup(
  folder: ProjectFolder,
  { samples, reason, by, time }: Joining,
): Promise<void> {
  const group = ulid(time.getTime());
  await append(
    folder,
    samples.map((sample) => ({ sample, group })),
    { reason, by, time },
  );
}

/**
 * Adds lines that take samples out of their groups.
 * @throws as `appendJoinedGroup`
 */
export async function appendParted(
  folder: ProjectFolder,
  parted: readonly { readonly sample: string; readonly group: string }[],
  about: Omit<Joining, 'samples'>,
): Promise<void> {
  await append(
    folder,
    parted.map(({ sample, group }) => ({ sample, group: `${takenOut}${group}` })),
    about,
  );
}

async function append(
  folder: ProjectFolder,
  entries: readonly { readonly sample: string; readonly group: string }[],
  { reason, by, time }: Omit<Joining, 'samples'>,
): Promise<void> {
  const lines = entries.map(({ sample, group }) =>
    [sample, group, reason, by, time.toISOString()].map(quoteCell).join(','),
  );
  await folder.createFile(groupsFile, `${header}\n`);
  await folder.appendLine(groupsFile, lines.join('\n'), (first) => first.replace(/^\uFEFF/, '') === header);
}
