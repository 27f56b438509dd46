/**
 * What the last check of a project found, kept for the review: `checks.json` in the project's part of the user's cache. It
 * is not in the project, so that a check changes nothing there, and none can come with one.
 */
import * as path from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { JsonFault, jsonReader } from '../base/checkedJson';
import { OverreadError } from '../base/errors';
import { isErrnoException } from '../base/errnoException';
import { canonicalJson, sha256, sha256File, writeFileAtomic } from '../base/files';
import { readPlainFile } from '../base/readPlain';
import { projectCacheFolder } from '../base/userCache';
import { tablesOf, type ProjectConfig } from '../config/config';
import type { Project } from '../project/project';
import { foldsFile, splitFile } from '../split/splitFiles';
import type { CheckReport } from './check';
import { kindNamed } from './kinds';
import type { Check } from './model';

const fileName = 'checks.json';

const place = Type.Object({
  file: Type.Optional(Type.String()),
  row: Type.Optional(Type.Number()),
  field: Type.Optional(Type.String()),
  line: Type.Optional(Type.Number()),
  column: Type.Optional(Type.Number()),
});

const keptCheck = Type.Object({
  code: Type.String({ pattern: '^OVR\\d{3}$' }),
  kind: Type.String(),
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('info')]),
  samples: Type.Array(Type.String()),
  finding: Type.Optional(Type.String()),
  score: Type.Union([Type.Number(), Type.Null()]),
  message: Type.String(),
  fixes: Type.Array(Type.Object({ title: Type.String(), command: Type.Optional(Type.String()) })),
  place: Type.Optional(place),
});

const document = Type.Object({
  v: Type.Literal(1),
  made: Type.String(),
  quick: Type.Boolean(),
  table: Type.String(),
  events: Type.Integer({ minimum: 0 }),
  checks: Type.Array(keptCheck),
});

const read = jsonReader(document);

/** The findings of one check, and what they were made of. */
export interface KeptChecks {
  /** When, UTC. */
  readonly made: string;
  /** No image was decoded: it says nothing of what only decoding finds. */
  readonly quick: boolean;
  /** Of tables, split and the settings that say what they mean: `tableHash`. */
  readonly table: string;
  /** How many label events there were. */
  readonly events: number;
  /** Also those that `check.ignore` lets be; not those that every reading of the project tells. */
  readonly checks: readonly Check[];
}

/** Where a check is kept. @param root the project's folder without links */
export function keptChecksFile(cacheDir: string, root: string): string {
  return path.join(projectCacheFolder(cacheDir, root), fileName);
}

/** What the last check found; null where none is kept, or none that can be read. */
export async function readKeptChecks(file: string): Promise<KeptChecks | null> {
  try {
    return asKept(read((await readPlainFile(file)).toString('utf8')));
  } catch (error) {
    if (error instanceof JsonFault || error instanceof OverreadError || isErrnoException(error)) return null;
    throw error;
  }
}

/**
 * Keeps what a check found, in place of the check before. A quick one does not take the place of a whole one of the same table.
 * That it cannot be written is no error: it is a cache.
 */
export async function keepChecks(
  file: string,
  project: Project,
  { checks, ignored, told }: CheckReport,
  { quick, time }: { readonly quick: boolean; readonly time: Date },
): Promise<void> {
  const table = await tableHash(project.root, project.config);
  if (quick) {
    const before = await readKeptChecks(file);
    if (before && !before.quick && before.table === table) return;
  }
  const kept: Static<typeof document> = {
    v: 1,
    made: time.toISOString(),
    quick,
    table,
    events: project.log.table.count,
    checks: [...checks, ...ignored].filter((check) => !told.has(check)).map(asWritten),
  };
  await writeFileAtomic(file, `${JSON.stringify(kept)}\n`).catch(() => undefined);
}

/**
 * SHA-256 of the tables, the frozen split, and the settings that say what they mean. Images that are kept together are left
 * out: to keep some together answers a finding.
 */
export async function tableHash(
  root: string,
  { dataset, labels, split }: Pick<ProjectConfig, 'dataset' | 'labels' | 'split'>,
): Promise<string> {
  const files = [...tablesOf({ dataset }), splitFile, foldsFile];
  const hashes = await Promise.all(
    files.map((file) => sha256File(path.resolve(root, file)).catch(() => 'none')),
  );
  return sha256(canonicalJson({ hashes, dataset, labels, split }));
}

function asWritten({ place: at, fixes, samples, ...check }: Check): Static<typeof keptCheck> {
  return {
    ...check,
    samples: [...samples],
    fixes: fixes.map((fix) => ({ ...fix })),
    ...(at ? { place: { ...at } } : {}),
  };
}

function asKept({ made, quick, table, events, checks }: Static<typeof document>): KeptChecks {
  return { made, quick, table, events, checks: checks.map((one) => ({ ...one, kind: kindNamed(one.kind) })) };
}
