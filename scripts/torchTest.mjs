// `npm run test:torch`: the PyTorch trainer, in a Python environment of the tests' own. OVERREAD_TEST_PYTHON names
// another one. Without Python, or where its packages cannot be had, it says NOT TESTED and fails nothing; where "overread setup-python"
// can have them and does not end with a Python that trains, it fails.
import { spawn } from 'node:child_process';
import { cacheFolder } from './environment/cache.mjs';
import { NotHere, torchPython } from './environment/torchPython.mjs';
import { writeCounts } from './test/counts.mjs';

const say = (text) => process.stderr.write(`${text}\n`);

let python = process.env.OVERREAD_TEST_PYTHON;
try {
  python ??= await torchPython(cacheFolder(), say);
} catch (error) {
  if (!(error instanceof NotHere)) throw error;
  const [reason] = String(error.message).split('\n');
  const note = `NOT TESTED: the PyTorch trainer, because its Python cannot be had (${reason}).`;
  console.log(note);
  writeCounts({ passed: 0, failed: 0, skipped: 1, notes: [note] });
  process.exit(0);
}
say(`Training by ${python}`);
const child = spawn(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.torch.config.mjs', ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, OVERREAD_TEST_PYTHON: python } },
);
child.on('exit', (code) => process.exit(code ?? 1));
