// Lays out, in an empty folder, exactly what the VSIX of one target holds.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { runOrThrow } from '../environment/process.mjs';
import { filesOf, packageFolder } from './packages.mjs';
import { nativeParts } from './targets.mjs';

/** What VS Code reads of package.json. Dependencies are not among it: they lie in dist/node_modules. */
const manifestKeys = [
  ...['name', 'displayName', 'description', 'version', 'publisher', 'license', 'icon', 'galleryBanner'],
  ...['author', 'repository', 'homepage', 'bugs', 'qna', 'categories', 'keywords', 'preview', 'pricing'],
  ...[
    'engines',
    'main',
    'l10n',
    'activationEvents',
    'extensionKind',
    'extensionDependencies',
    'extensionPack',
  ],
  ...['capabilities', 'contributes', 'type'],
];

/** Fills `stage` for `target`. @param programs the folder of a production build; without it one is made */
export async function stageExtension(stage, target, programs) {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });

  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  const kept = Object.fromEntries(
    manifestKeys.filter((key) => key in manifest).map((key) => [key, manifest[key]]),
  );
  // vsce refuses a manifest without a publisher; Node's range means nothing to the editor.
  const staged = { publisher: 'overread', ...kept, engines: { vscode: manifest.engines.vscode } };
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(staged, null, 2)}\n`);

  for (const file of [
    'CHANGELOG.md',
    'LICENSE',
    'THIRD-PARTY-NOTICES.md',
    '.vscodeignore',
    ...readdirSync('.').filter(isStrings),
  ]) {
    if (existsSync(file)) cpSync(file, path.join(stage, file));
  }
  // The page of the extension speaks to who has installed it; the README to who has cloned the repository.
  cpSync('docs/extension.md', path.join(stage, 'README.md'));
  for (const folder of ['media', 'schemas', 'l10n']) {
    if (existsSync(folder)) cpSync(folder, path.join(stage, folder), { recursive: true });
  }

  const dist = path.join(stage, 'dist');
  if (programs === undefined)
    await runOrThrow(process.execPath, ['scripts/build.mjs', '--production', '--outdir', dist]);
  else cpSync(programs, dist, { recursive: true });
  for (const part of nativeParts(target)) {
    const from = await packageFolder(part);
    const to = path.join(dist, 'node_modules', part.name);
    for (const file of filesOf(from).filter((name) => part.keep(name))) {
      cpSync(path.join(from, file), path.join(to, file));
    }
  }
}

function isStrings(file) {
  return /^package\.nls(\.[\w-]+)?\.json$/.test(file);
}
