/** The labels as they were: before any event, at a time, or in a commit of `labels/`. */
import * as path from 'node:path';
import { OverreadError } from '../base/errors';
import { findProgram, runProgram, type Environment } from '../base/programs';
import { beforeAll, parseMoment } from '../labels/asOf';
import { effectiveLabels, type EffectiveLabels } from '../labels/effectiveLabels';
import { isEvent, parseEventLine } from '../labels/events';
import type { LabelEvent, Moment } from '../labels/model';
import { labelRules, type Project } from '../project/project';
import type { LabelsBefore } from './model';

/** A version of the labels on today's table, and which of today's events it holds. */
export interface LabelVersion {
  readonly about: LabelsBefore;
  readonly labels: EffectiveLabels;
  /** Whether an event of the project's log, by its row, is part of it. */
  readonly holds: (row: number) => boolean;
}

/** Which version is asked for; neither: the given labels. */
export interface WantedVersion {
  readonly commit?: string;
  readonly since?: string;
}

/** Characters of all label files of a commit that are read at most. */
const mostText = 2 ** 29 - 1;
const timeLimit = 60_000;

/**
 * @throws OVR402 no time; OVR414 git is missing, the project is in no repository, or there is no such commit
 */
export async function labelsBefore(
  project: Pick<Project, 'config' | 'dataset' | 'log' | 'root'>,
  { commit, since }: WantedVersion,
  env: Environment,
): Promise<LabelVersion> {
  const { dataset, config, log } = project;
  if (commit !== undefined) return ofCommit(project, commit, env);
  const moment = since === undefined ? beforeAll : momentBefore(since);
  return {
    about:
      since === undefined
        ? { kind: 'given', at: '' }
        : { kind: 'time', at: new Date(moment.time + 1).toISOString() },
    labels: effectiveLabels(dataset, log.table, { ...labelRules(config), asOf: moment }),
    holds: (row) => log.table.isUntil(row, moment),
  };
}

/** The last moment before a time, or before a day began (UTC). */
function momentBefore(since: string): Moment {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(since);
  const { time, id } = parseMoment(isDay ? `${since}T00:00:00.000Z` : since);
  return { time: time - 1, id: id === '' ? id : '\uffff' };
}

async function ofCommit(
  { root, dataset, config, log }: Pick<Project, 'config' | 'dataset' | 'log' | 'root'>,
  commit: string,
  env: Environment,
): Promise<LabelVersion> {
  const git = await openGit(root, env);
  const hash = (
    await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`])
  ).trim();
  if (!/^[0-9a-f]{40,64}$/.test(hash)) throw noCommit(commit);
  const listed = await git(['ls-tree', '-z', '--name-only', hash, 'labels/']);
  const files = listed.split('\0').filter((name) => /^labels\/[^/]+\.jsonl$/.test(name));
  const events: LabelEvent[] = [];
  for (const file of files) {
    const text = await git(['cat-file', 'blob', `${hash}:./${file}`]);
    for (const line of text.split('\n')) {
      const event = line.trim() === '' ? undefined : parseEventLine(line);
      if (event && isEvent(event)) events.push(event);
    }
  }
  const known = new Set(events.map(({ id }) => id));
  return {
    about: { kind: 'commit', at: hash },
    labels: effectiveLabels(dataset, events, labelRules(config)),
    holds: (row) => known.has(log.table.id(row)),
  };
}

type Git = (args: readonly string[]) => Promise<string>;

/** Questions to git about the project's folder. git reads that folder's configuration: not to be asked without trust. */
async function openGit(root: string, env: Environment): Promise<Git> {
  const program = await findProgram('git', env);
  if (program === undefined) {
    throw new OverreadError({
      code: 'OVR414',
      message: 'git is not on the PATH, so labels of a commit cannot be read',
      fix: 'Install git, or name a time with --since',
    });
  }
  const shared = [
    '--no-pager',
    '-c',
    'core.fsmonitor=false',
    '-c',
    'core.quotePath=false',
    '-C',
    path.resolve(root),
  ];
  return async (args) => {
    const { code, stdout, stderr } = await runProgram(program, [...shared, ...args], {
      env,
      timeLimit,
      keep: mostText,
    });
    if (code === 0) return stdout;
    if (args[0] === 'rev-parse') return '';
    throw new OverreadError({
      code: 'OVR414',
      message: `git could not read the labels of the commit: ${stderr.trim().slice(0, 300)}`,
      place: { file: 'labels' },
    });
  };
}

function noCommit(commit: string): OverreadError {
  return new OverreadError({
    code: 'OVR414',
    message: `There is no commit "${commit}" here`,
    expected: 'a commit of the repository that holds the project: a hash, a tag, a branch, HEAD~3',
    fix: 'List those that changed labels with "git log -- labels", or name a time with --since',
  });
}
