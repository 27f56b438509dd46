/** The helper files of a project beside overread.yaml: how git merges labels, and what it leaves out. */
import { readTextIfPresent } from '../base/files';
import type { ProjectFolder } from '../base/projectFolder';

const helperLines = {
  '.gitattributes': [
    '# Label files are only appended to: both sides of a merge are kept (the order of lines means nothing).',
    'labels/*.jsonl merge=union',
  ],
  '.gitignore': ['# A cache that can be deleted at any time.', '.overread/'],
} as const;

/** Adds the lines to .gitattributes and .gitignore that are not there yet. @returns the files that changed */
export async function writeHelperFiles(folder: ProjectFolder): Promise<string[]> {
  const changed: string[] = [];
  for (const [file, lines] of Object.entries(helperLines)) {
    const before = (await readTextIfPresent(folder.path(file))) ?? '';
    const rule = lines.at(-1) ?? '';
    if (before.split(/\r?\n/).some((line) => line.trim() === rule)) continue;
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    await folder.writeFile(file, `${before}${gap}${lines.join('\n')}\n`);
    changed.push(file);
  }
  return changed;
}
