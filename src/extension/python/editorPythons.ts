/**
 * The Python that a person has chosen in the editor, offered to a training by PyTorch: by the API of Microsoft's Python
 * Environments extension, else by that of its Python extension, which are optional. Whether it can train the training itself finds
 * out; what it is told is the environment of its process, because a task has no other way that a file cannot take.
 */
import * as path from 'node:path';
import { EXTENSION_ID, PythonEnvironments } from '@vscode/python-environments';
import { PVSC_EXTENSION_ID, PythonExtension } from '@vscode/python-extension';
import * as vscode from 'vscode';
import { setting } from '../settings';

/** What the command line reads (`src/core/trainers/torch/offeredPythons.ts`). */
export const pythonVariables = {
  chosen: 'OVERREAD_CHOSEN_PYTHON',
  setting: 'OVERREAD_SETTING_PYTHON',
} as const;

/** An extension that finds environments for the first time takes seconds; one that hangs holds up no training. */
const patienceMs = 10_000;

interface Source {
  readonly extension: string;
  /** The program of the environment that holds for a folder; undefined where none is chosen. */
  readonly ask: (folder: vscode.Uri) => Promise<string | undefined>;
}

const sources: readonly Source[] = [
  {
    extension: EXTENSION_ID,
    ask: async (folder) => {
      const api = await PythonEnvironments.api();
      const chosen = await api.getEnvironment(folder);
      return chosen?.execInfo.run.executable;
    },
  },
  {
    extension: PVSC_EXTENSION_ID,
    ask: async (folder) => {
      const { environments } = await PythonExtension.api();
      const chosen = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
      return chosen?.executable.uri?.fsPath;
    },
  },
];

export class EditorPythons {
  /** By folder: what was found when it was asked last. */
  private readonly chosen = new Map<string, string>();

  constructor(private readonly log: vscode.LogOutputChannel) {}

  /**
   * Asks which environment is chosen for a folder.
   * @param activates also extensions that nobody has needed yet in this window
   */
  async ask(folder: vscode.Uri, activates: boolean): Promise<void> {
    for (const { extension, ask } of sources) {
      const installed = vscode.extensions.getExtension(extension);
      if (!installed || !(activates || installed.isActive)) continue;
      const program = await within(patienceMs, ask(folder)).catch((error: unknown) => {
        this.log.warn(`${extension} does not say which Python is chosen: ${String(error)}`);
        return undefined;
      });
      if (program === undefined || !path.isAbsolute(program)) continue;
      this.chosen.set(folder.toString(), program);
      return;
    }
    this.chosen.delete(folder.toString());
  }

  /** What a training of the folder would be offered, the best first. */
  offered(folder: vscode.Uri): readonly string[] {
    return Object.values(this.variables(folder));
  }

  /** Variables for a process that may train, by what was asked last. */
  variables(folder: vscode.Uri): Record<string, string> {
    const chosen = this.chosen.get(folder.toString());
    const set = setting('python');
    return {
      ...(chosen === undefined ? {} : { [pythonVariables.chosen]: chosen }),
      ...(set === '' ? {} : { [pythonVariables.setting]: set }),
    };
  }
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
