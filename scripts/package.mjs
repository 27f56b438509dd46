// Makes the VSIX of one platform: `npm run package [-- --target linux-x64] [--out FILE]`. Its native parts are
// this target's and nobody else's; what is in it, and how large it may be, is checked. `--if-older` makes none where
// the file is newer than all that goes into it. `--programs DIR`: programs that a production build has made there.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { isNewerThanSources } from './packaging/age.mjs';
import { checkContents, megabytes, sizeLimit, smokeTest } from './packaging/checks.mjs';
import { stageExtension } from './packaging/stage.mjs';
import { hostTarget, targets } from './packaging/targets.mjs';

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    out: { type: 'string' },
    programs: { type: 'string' },
    'if-older': { type: 'boolean', default: false },
  },
});
const target = values.target ?? hostTarget();
if (target === null || !targets.includes(target)) {
  console.error(
    `No VSIX is made for ${target ?? `${process.platform}-${process.arch}`}; targets: ${targets.join(', ')}.`,
  );
  process.exit(2);
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const vsix = path.resolve(values.out ?? `overread-${target}-${version}.vsix`);
mkdirSync(path.dirname(vsix), { recursive: true });
if (values['if-older'] && isNewerThanSources(vsix)) {
  console.log(`${path.relative('.', vsix)} is newer than all that goes into it.`);
  process.exit(0);
}

const stage = mkdtempSync(path.join(os.tmpdir(), 'overread-stage-'));
try {
  await stageExtension(stage, target, values.programs);
  rmSync(vsix, { force: true });
  await createVSIX({
    cwd: stage,
    packagePath: vsix,
    target,
    // The native packages lie in dist/node_modules: plain files to vsce, the nearest node_modules to the programs.
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const files = await checkContents(vsix, stage);
  for (const [part, bytes] of largestParts(files)) console.log(`  ${megabytes(bytes).padStart(8)}  ${part}`);
  if (target === hostTarget()) await smokeTest(vsix);
  else console.log(`The programs inside were not run: this machine is not ${target}.`);
  console.log(
    `${path.basename(vsix)}: ${megabytes(statSync(vsix).size)}, ${files.length} files (limit ${megabytes(sizeLimit)})`,
  );
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** The compressed bytes per native package and per folder otherwise, largest first. */
function largestParts(files) {
  const sums = new Map();
  for (const { name, compressed } of files) {
    const part = /node_modules\/((@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? name.split('/').slice(0, 2).join('/');
    sums.set(part, (sums.get(part) ?? 0) + compressed);
  }
  return [...sums].sort((a, b) => b[1] - a[1]).slice(0, 8);
}
