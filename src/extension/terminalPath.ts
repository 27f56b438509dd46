/** Puts `overread` on the PATH of integrated terminals: two small scripts that run the CLI with the editor's Node. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from './disposables';
import { programFile } from './nodeProgram';
import type { Contribution, Services } from './services';

export class TerminalPath implements Contribution {
  register({ context, log }: Services): Disposable {
    const folder = path.join(context.globalStorageUri.fsPath, 'bin');
    const variables = context.environmentVariableCollection;
    variables.description = vscode.l10n.t('Adds the command `overread`');
    variables.prepend('PATH', folder + path.delimiter);
    writeScripts(folder, process.execPath, programFile(context.extensionPath, 'cli')).catch(
      (error: unknown) => {
        log.warn(`The command overread could not be put on the PATH of terminals: ${String(error)}`);
      },
    );
    // Terminals outlive the window's reload, and so must the variable: VS Code keeps the collection.
    return { dispose: () => undefined };
  }
}

/**
 * The scripts name this version's files, so they are written at each activation; by rename, because another
 * window's terminal may be reading them. The CLI takes ELECTRON_RUN_AS_NODE away from its own children.
 */
export async function writeScripts(folder: string, node: string, cli: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  await replace(
    path.join(folder, 'overread'),
    `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quoted(node)} ${quoted(cli)} "$@"\n`,
    0o755,
  );
  await replace(
    path.join(folder, 'overread.cmd'),
    `@echo off\r\nsetlocal\r\nset ELECTRON_RUN_AS_NODE=1\r\n"${node}" "${cli}" %*\r\n`,
    0o644,
  );
}

async function replace(file: string, content: string, mode: number): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await fs.writeFile(temporary, content, { mode });
  await fs.rename(temporary, file);
}
