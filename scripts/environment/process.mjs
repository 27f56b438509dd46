// Child processes of the scripts: run to the end, with everything shown or kept.
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import * as path from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';

/** npm, npx and code are .cmd files on Windows, which only a shell starts. */
const needsShell = (command) =>
  process.platform === 'win32' && (/^(npm|npx)$/.test(command) || /\.(cmd|bat)$/i.test(command));

/**
 * Runs a command to its end and gives its exit code and what it printed. `show` passes its output on while it
 * runs; otherwise the caller prints it when something went wrong. Never rejects for an exit code.
 */
export function runCommand(command, commandArguments, { cwd, env, show = false, timeoutMs, onStart } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(needsShell(command) ? `"${command}"` : command, commandArguments, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: needsShell(command),
    });
    onStart?.(child);
    let output = '';
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      from.setEncoding('utf8');
      from.on('data', (text) => {
        output += text;
        if (show) to.write(text);
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, signal, output });
    });
  });
}

/** As `runCommand`, but an exit code other than 0 is an error that ends with the last lines of the output. */
export async function runOrThrow(command, commandArguments, options) {
  const result = await runCommand(command, commandArguments, options);
  if (result.code === 0) return result.output;
  const tail = result.output.trimEnd().split('\n').slice(-25).join('\n');
  throw new Error(
    `${[command, ...commandArguments].join(' ')} ended with ${result.signal ?? result.code}.\n${tail}`,
  );
}

/** Runs a command whose output goes straight to this terminal, progress and colours included; gives its exit code. */
export function runShown(command, commandArguments) {
  return new Promise((resolve, reject) => {
    const child = spawn(needsShell(command) ? `"${command}"` : command, commandArguments, {
      stdio: 'inherit',
      shell: needsShell(command),
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * The absolute path of a command, from the absolute entries of PATH; undefined where there is none. Not what lies in
 * the folder that this process stands in.
 */
export function findCommand(name) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders
    .flatMap((folder) => endings.map((ending) => path.join(folder, name + ending)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch {
        return false;
      }
    });
}
