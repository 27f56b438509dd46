/**
 * Where images are that are no longer where the table says: `moved.jsonl` of a project, one line `{path, file}` for each.
 * `path` is as in the table, so that samples keep their names and labels; `file` is relative to the project's folder.
 * Written by `overread relink`; the last line of a path counts.
 */
import * as path from 'node:path';
import { normalisePath, readTextIfPresent } from '../base/files';
import type { Problem } from '../base/report';

export const movedFile = 'moved.jsonl';

export interface MovedImages {
  /** By the path in the table, the file, absolute. */
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/** Reads the file of a project; nothing where there is none. Lines that are damaged are told and left out. */
export async function readMovedImages(root: string): Promise<MovedImages> {
  const text = (await readTextIfPresent(path.join(root, movedFile))) ?? '';
  const files = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const moved = parseLine(line);
    if (moved) files.set(normalisePath(moved.path), path.resolve(root, moved.file));
    else {
      problems.push({
        severity: 'warning',
        code: 'OVR307',
        message: 'The line says of no image where it is now',
        place: { file: movedFile, line: i + 1 },
        expected: '{"path": "as in the table", "file": "relative to the project"}',
        fix: 'Delete the line, and run overread relink',
      });
    }
  }
  return { files, problems };
}

/** The text of the file. @param files by the path in the table; absolute */
export function formatMovedImages(root: string, files: ReadonlyMap<string, string>): string {
  return [...files]
    .map(([written, file]) => {
      const relative = path.relative(root, file);
      return `${JSON.stringify({ path: written, file: relative.split(path.sep).join('/') })}\n`;
    })
    .join('');
}

function parseLine(line: string): { readonly path: string; readonly file: string } | undefined {
  try {
    const parsed = JSON.parse(line) as { readonly path?: unknown; readonly file?: unknown } | null;
    const { path: written, file } = parsed ?? {};
    return typeof written === 'string' && typeof file === 'string' ? { path: written, file } : undefined;
  } catch {
    return undefined;
  }
}
