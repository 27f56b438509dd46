// `npm run package:test`: both packages as they are published, made and looked into. The VSIX stays at
// out/overread.vsix for the end-to-end tests.
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { runOrThrow } from './environment/process.mjs';
import { decodeDicom } from './packaging/checks.mjs';
import { filesOf } from './packaging/packages.mjs';
import { writeCounts } from './test/counts.mjs';

const checks = {
  'the VSIX of this platform': async () => {
    await runOrThrow(process.execPath, ['scripts/package.mjs', '--out', path.join('out', 'overread.vsix')], {
      show: true,
    });
  },
  'the npm package holds the CLI and its trainer alone, and it runs': async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'overread-npm-'));
    try {
      await runOrThrow('npm', ['pack', '--silent', '--ignore-scripts=false', '--pack-destination', folder]);
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
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
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
writeCounts({
  passed: Object.keys(checks).length - failures.length,
  failed: failures.length,
  skipped: 0,
  failures,
});
process.exitCode = failures.length === 0 ? 0 : 1;
