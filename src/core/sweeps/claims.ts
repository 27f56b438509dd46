/**
 * Which process trains which suggestion. A suggestion has a folder; whoever trains it leaves a claim there. Where the
 * last one who did is gone, another goes on from the checkpoint.
 */
import * as fs from 'node:fs/promises';
import { Type } from '@sinclair/typebox';
import { JsonFault, jsonReader } from '../base/checkedJson';
import { isErrnoException } from '../base/errnoException';
import { livenessOf, thisProcess } from '../base/processIdentity';
import type { ProjectFolder } from '../base/projectFolder';
import { readPlainFile } from '../base/readPlain';
import type { Suggested } from './optuna';

const parseSuggestion = jsonReader(
  Type.Object({
    v: Type.Literal(1),
    number: Type.Integer({ minimum: 0 }),
    settings: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Null()])),
  }),
);
const text = Type.Union([Type.String(), Type.Null()]);
const parseClaim = jsonReader(
  Type.Object({
    pid: Type.Integer({ minimum: 2 }),
    host: Type.String(),
    space: text,
    started: text,
  }),
);

export interface Suggestion {
  readonly number: number;
  readonly settings: Suggested;
}

const suggestionFile = 'suggestion.json';

/** Writes a suggestion's folder with this process's claim. @param folder below the project's root */
export async function claimNew(
  project: ProjectFolder,
  folder: string,
  suggestion: Suggestion,
): Promise<void> {
  await project.makeFolder(folder);
  await project.writeFile(`${folder}/claim-0.json`, JSON.stringify(thisProcess()));
  await project.writeFile(`${folder}/${suggestionFile}`, JSON.stringify({ v: 1, ...suggestion }));
}

/**
 * Suggestions whose process is gone, claimed for this one. Of several processes that look at once one gets each.
 * @param parent below the project's root
 * @param prefix of the folders' names
 */
export async function claimAbandoned(
  project: ProjectFolder,
  parent: string,
  prefix: string,
): Promise<{ readonly folder: string; readonly suggestion: Suggestion }[]> {
  const found: { folder: string; suggestion: Suggestion }[] = [];
  for (const name of (await namesIn(project.path(parent))).sort()) {
    if (!name.startsWith(prefix)) continue;
    const folder = `${parent}/${name}`;
    const claims = (await namesIn(project.path(folder))).filter((file) => /^claim-\d+\.json$/.test(file));
    const last = Math.max(-1, ...claims.map((file) => Number(/\d+/.exec(file)?.[0])));
    const holder = await readJson(project.path(folder, `claim-${last}.json`), parseClaim);
    // Of a process of another machine nobody can say here that it is gone.
    if (holder !== undefined && livenessOf(holder) !== 'gone') continue;
    const suggestion = await readJson(project.path(folder, suggestionFile), parseSuggestion);
    if (suggestion === undefined) continue;
    const claim = `${folder}/claim-${last + 1}.json`;
    if (await project.createFile(claim, JSON.stringify(thisProcess()))) found.push({ folder, suggestion });
  }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  return fs.readdir(folder).catch((error: unknown) => {
    if (isErrnoException(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  });
}

async function readJson<T>(file: string, parse: (json: string) => T): Promise<T | undefined> {
  try {
    return parse((await readPlainFile(file)).toString('utf8'));
  } catch (error) {
    if (error instanceof JsonFault || isErrnoException(error)) return undefined;
    throw error;
  }
}
