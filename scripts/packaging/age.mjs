// Whether a VSIX that was made before holds what would be packed now.
import { existsSync, readdirSync, statSync } from 'node:fs';
import * as path from 'node:path';

/** What goes into a VSIX, and what decides how. Native packages change with the lock file. */
const sources = [
  ...['src', 'webview-ui', 'media', 'schemas', 'l10n', 'scripts', 'package.json', 'package-lock.json'],
  ...[
    'package.nls.json',
    '.vscodeignore',
    'docs/extension.md',
    'CHANGELOG.md',
    'LICENSE',
    'THIRD-PARTY-NOTICES.md',
    'tsconfig.base.json',
  ],
];

/** True when no source has changed since; a folder's own time tells what was removed from it. */
export function isNewerThanSources(vsix) {
  if (!existsSync(vsix)) return false;
  const made = statSync(vsix).mtimeMs;
  return sources.every((source) => !existsSync(source) || newest(source) < made);
}

function newest(file) {
  const entry = statSync(file);
  if (!entry.isDirectory()) return entry.mtimeMs;
  return Math.max(entry.mtimeMs, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}
