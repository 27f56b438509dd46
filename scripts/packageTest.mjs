// `npm run package:test`: both packages as they are published, made and looked into. The VSIX stays at
// out/overread.vsix for the end-to-end tests. The programs are built once, for both and away from dist/, which keeps
// the build that the other layers run.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { runOrThrow } from './environment/process.mjs';
import { decodeDicom } from './packaging/checks.mjs';
import { linkCheckout } from './packaging/linkedCheckout.mjs';
import { filesOf } from './packaging/packages.mjs';
import { writeCounts } from './test/counts.mjs';

const place = mkdtempSync(path.join(os.tmpdir(), 'overread-packages-'));
const checkout = path.join(place, 'checkout');
const programs = path.join(checkout, 'dist');

const checks = {
  'the npm package holds the CLI and its trainer alone, and it runs': async () => {
    const folder = path.join(place, 'npm');
    mkdirSync(folder);
    linkCheckout(checkout);
    // What Python leaves in a dist/ that it has run from.
    const left = path.join(programs, 'python', 'overread_torch', '__pycache__');
    mkdirSync(left, { recursive: true });
    writeFileSync(path.join(left, '__main__.cpython-311.pyc'), '');
    await runOrThrow('npm', ['pack', '--silent', '--ignore-scripts=false', '--pack-destination', folder], {
      cwd: checkout,
    });
    rmSync(left, { recursive: true });
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    await runOrThrow('tar', ['-xzf', path.join(folder, tarball), '-C', folder]);
    const unpacked = path.join(folder, 'package');
    const allowed =
      /^(package\.json|README\.md|LICENSE|THIRD-PARTY-NOTICES\.md|dist\/(cli|cliWork|dicomCodecs|filters|inferenceWorker|job|preparationWorker)\.js|dist\/(charls|dcmjs|libjpeg-turbo|openjpeg|openjph)\.wasm|dist\/python\/overread_torch\/\w+\.py|schemas\/[^/]+\.json)$/;
    const strangers = filesOf(unpacked).filter((name) => !allowed.test(name));
    // npm packs the file that `main` names; VS Code, not npm, finds it without its ending.
    if (strangers.length > 0) throw new Error(`the npm package holds ${strangers.join(', ')}`);
    if (!existsSync(path.join(unpacked, 'dist', 'cli.js')))
      throw new Error('the npm package lacks dist/cli.js');
    symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'), 'junction');
    const help = await runOrThrow(process.execPath, [path.join(unpacked, 'dist', 'cli.js'), '--help'], {
      cwd: folder,
    });
    if (!help.includes('finetune')) throw new Error(`overread --help printed:\n${help}`);
    await decodeDicom(path.join(unpacked, 'dist', 'cli.js'), folder);
  },
  'the VSIX of this platform': async () => {
    const vsix = path.join('out', 'overread.vsix');
    await runOrThrow(process.execPath, ['scripts/package.mjs', '--out', vsix, '--programs', programs], {
      show: true,
    });
  },
};

const failures = [];
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok     ${name}`);
  } catch (error) {
    failures.push(name);
    console.log(`FAILED ${name}\n${error.message}`);
  }
}
rmSync(place, { recursive: true, force: true });
writeCounts({
  passed: Object.keys(checks).length - failures.length,
  failed: failures.length,
  skipped: 0,
  failures,
});
process.exitCode = failures.length === 0 ? 0 : 1;
