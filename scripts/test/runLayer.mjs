// Runs one layer as a process group of its own, passes on what it prints, and ends it when it hangs; and what failed of it
// once more, where it says how.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { runAgain } from './again.mjs';
import { countsEnvironment, readCounts } from './counts.mjs';

/**
 * Gives `{ name, seconds, passed, failed, skipped, failures, notes, flaky }`; never rejects.
 * @param print takes what it prints, as it comes
 */
export async function runLayer(layer, print) {
  if (layer.minutes <= 0) {
    const failures = ['not run: the time of the whole run was spent'];
    return { name: layer.name, seconds: 0, passed: 0, failed: 1, skipped: 0, failures, notes: [], flaky: [] };
  }
  const start = Date.now();
  const run = (alone) => runOnce({ ...layer, ...alone }, print);
  const first = await run({});
  const {
    parts: _,
    broke: __,
    code: ___,
    ...result
  } = layer.again ? await runAgain(layer.again, first, run, print) : { ...first, flaky: [] };
  return { name: layer.name, seconds: (Date.now() - start) / 1000, ...result };
}

async function runOnce(layer, print) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'overread-layer-'));
  const results = path.join(folder, 'results.json');
  try {
    const env = { ...countsEnvironment(results), ...layer.environment };
    const { code, hung } = await runGroup(layer, env, print);
    const counts = readCounts(results, code, layer.name);
    if (hung) counts.failures.push(`${layer.name} did not end within ${layer.minutes.toFixed(0)} minutes`);
    return { ...counts, code, broke: counts.broke || hung };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runGroup(layer, env, print) {
  const windows = process.platform === 'win32';
  return new Promise((resolve) => {
    const child = spawn(layer.command, layer.arguments, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // The whole group can then be ended; and Ctrl-C reaches it through us alone.
      detached: !windows,
      shell: windows,
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', print);
    const kill = (signal) => {
      try {
        process.kill(windows ? child.pid : -child.pid, signal);
      } catch {
        // It has ended.
      }
    };
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      kill('SIGTERM');
      setTimeout(() => kill('SIGKILL'), 5000).unref();
    }, layer.minutes * 60_000);
    const stop = () => {
      kill('SIGKILL');
      // Once every layer that runs has heard of it.
      setImmediate(() => process.exit(130));
    };
    process.once('SIGINT', stop).once('SIGTERM', stop).once('SIGHUP', stop);
    let lingering;
    const finish = (code) => {
      clearTimeout(timer);
      clearTimeout(lingering);
      process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop);
      resolve({ code, hung });
    };
    child.on('error', (error) => {
      print(`${error.message}\n`);
      finish(1);
    });
    // What it has started may hold its pipes open, for ever where it was left behind.
    child.on('exit', (code) => (lingering = setTimeout(() => finish(code ?? 1), 2000)));
    child.on('close', (code) => finish(code ?? 1));
  });
}
