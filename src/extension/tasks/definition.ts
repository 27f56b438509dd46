/** What tasks.json may say of an Overread task, and the command line it stands for. Nothing here imports `vscode`. */
import * as path from 'node:path';
import { taskType } from '../contributions';
import { taskCommands, taskFields } from '../manifest/taskRows';

/** A task of type `overread` as tasks.json writes it; its schema is made from `manifest/taskRows.ts`. */
export interface OverreadTaskDefinition {
  readonly type: typeof taskType;
  readonly command: keyof typeof taskCommands;
  /** Folder of the overread.yaml, relative to the workspace folder or absolute; absent: the workspace folder. */
  readonly project?: string;
  readonly architecture?: string;
  readonly weights?: string;
  /** compare: `architecture[:weights],…`. */
  readonly architectures?: string;
  /** compare: `all`, or block names between commas. */
  readonly truncations?: string;
  /** finetune: what learns, `last-block` and so on. */
  readonly layers?: string;
  readonly device?: string;
  readonly folds?: number;
  /** finetune and compare: what is made is called this. */
  readonly name?: string;
  /** relink: the folder to look in, absolute. */
  readonly in?: string;
  /** export: the run. */
  readonly run?: string;
}

/** A definition from tasks.json, or undefined where a field has the wrong type: VS Code passes on what it finds. */
export function parseDefinition(value: unknown): OverreadTaskDefinition | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  if (fields['type'] !== taskType) return undefined;
  if (!Object.hasOwn(taskCommands, String(fields['command']))) return undefined;
  const texts = Object.entries(taskFields).flatMap(([name, { type }]) => (type === 'string' ? [name] : []));
  if (texts.some((name) => fields[name] !== undefined && typeof fields[name] !== 'string')) return undefined;
  if (fields['folds'] !== undefined && !Number.isInteger(fields['folds'])) return undefined;
  return value as OverreadTaskDefinition;
}

/** The project's absolute folder. */
export function projectRoot(definition: OverreadTaskDefinition, workspaceFolder: string | undefined): string {
  return path.resolve(workspaceFolder ?? '.', definition.project ?? '.');
}

/** Arguments for the CLI. */
export function commandLine(definition: OverreadTaskDefinition, root: string): string[] {
  const option = (flag: string, value: string | number | undefined): string[] =>
    value === undefined || value === '' ? [] : [flag, String(value)];
  switch (definition.command) {
    case 'finetune':
      return [
        'finetune',
        root,
        // It goes on when the window is reloaded or closed.
        '--job',
        ...option('--architecture', definition.architecture),
        ...option('--weights', definition.weights),
        ...option('--layers', definition.layers),
        ...option('--device', definition.device),
        ...option('--folds', definition.folds),
        ...option('--name', definition.name),
      ];
    case 'compare':
      return [
        'compare',
        root,
        ...option('--architectures', definition.architectures),
        ...option('--truncations', definition.truncations),
        ...option('--device', definition.device),
        ...option('--folds', definition.folds),
        ...option('--name', definition.name),
      ];
    case 'sweep':
      return ['sweep', root, ...option('--device', definition.device)];
    case 'follow':
      return ['jobs', 'follow', root];
    case 'export':
      return ['export', root, ...option('--run', definition.run)];
    case 'check':
      return ['check', root];
    case 'yield':
      return ['suspects', root, '--yield'];
    case 'relink':
      return ['relink', root, ...option('--in', definition.in)];
    case 'setup-cuda':
      return ['setup-cuda'];
    case 'setup-python':
      return ['setup-python'];
    case 'doctor':
      return ['doctor'];
  }
}
