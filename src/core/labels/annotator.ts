/** Who edits: the default name, and the file that a name's events go to. */
import { execFile } from 'node:child_process';
import { sha256 } from '../base/files';

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
 * git's `user.name` as it holds in the folder (local before global). undefined when git is absent or has none.
 * @param env the environment that git is to run in
 */
export function defaultAnnotator(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...env }, timeout: 5000, windowsHide: true };
    execFile('git', ['config', '--get', 'user.name'], options, (error, stdout) => {
      const name = error ? '' : normaliseAnnotator(stdout);
      resolve(name === '' ? undefined : name);
    });
  });
}
