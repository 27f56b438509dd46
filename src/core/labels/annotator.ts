/** Who edits: the default name, and the file that a name's events go to. */
import * as path from 'node:path';
import { sha256 } from '../base/files';
import { findProgram, runProgram, type Environment } from '../base/programs';

/** Names that Windows keeps for devices: no file may be called so, whatever its extension. */
const deviceNames = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

/**
 * The part of an annotator's file name before `.jsonl`: ASCII letters and digits in lower case, joined by
 * hyphens, at most 40 characters. Names that leave nothing (another script, punctuation) or a Windows device
 * name get a slug from their hash. Different names may share a slug; `otherSlug` then tells them apart.
 */
export function annotatorSlug(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return slug === '' || deviceNames.test(slug) ? otherSlug(name, 'annotator') : slug;
}

/** The slug of a name whose plain slug belongs to somebody else: with eight digits of the name's hash. */
export function otherSlug(name: string, slug = annotatorSlug(name)): string {
  return `${slug}-${sha256(name.normalize('NFC')).slice(0, 8)}`;
}

/** One line, trimmed, NFC: two spellings of one name that look alike are one annotator. */
export function normaliseAnnotator(name: string): string {
  return name.normalize('NFC').replace(/\s+/g, ' ').trim();
}

/**
 * git's `user.name` as it holds in the folder (local before global). undefined when git is absent or has none. Not to
 * be asked about a folder that the user does not trust: git reads the folder's own configuration.
 * @param env the environment that git is to run in
 */
export async function defaultAnnotator(root: string, env: Environment): Promise<string | undefined> {
  const git = await findProgram('git', env);
  if (git === undefined) return undefined;
  // Nothing that a repository's configuration names is started for this question; said all the same.
  const args = ['--no-pager', '-c', 'core.fsmonitor=false', '-C', path.resolve(root)];
  const { code, stdout } = await runProgram(git, [...args, 'config', '--get', 'user.name'], {
    env,
    timeLimit: 5000,
  });
  const name = code === 0 ? normaliseAnnotator(stdout) : '';
  return name === '' ? undefined : name;
}
