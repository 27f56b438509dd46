/**
 * The faults that the last task of each project found (images that cannot be decoded, above all): nothing but a task
 * reads every image. They are kept by the file that it left, so that they outlive the next reading of the project and
 * the window; the Problems panel shows them beside those of the table, under one owner.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../protocol/engineApi';
import { taskType } from '../contributions';
import type { Disposable } from '../disposables';
import { outcomeFile, readOutcome } from './outcome';

/** Commands whose tasks leave an outcome. */
const commands = ['finetune', 'compare', 'sweep', 'export', 'check', 'relink'] as const;

export class TaskOutcomes implements Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly known = new Map<string, readonly Problem[]>();

  /** What is known of a project is different now. */
  readonly onDidChange = this.changed.event;

  /** @param folder where tasks leave their outcomes */
  constructor(private readonly folder: string) {}

  /** What the last task on this project found, as far as it was read. */
  problems(root: string): readonly Problem[] {
    return this.known.get(root) ?? [];
  }

  /** Reads what the last task on this project left. */
  async read(root: string): Promise<void> {
    const outcomes = await Promise.all(
      commands.map(async (command) => {
        const outcome = await readOutcome(outcomeFile(this.folder, { type: taskType, command }, root), 0);
        return outcome && { ...outcome, command };
      }),
    );
    const [newest] = outcomes.filter((one) => one !== undefined).sort((a, b) => b.time - a.time);
    const before = this.problems(root);
    // What a check found is the engine's to tell: it knows what still holds.
    const after =
      newest && newest.command !== 'check' ? await stillTrue(root, newest.problems, newest.time) : [];
    this.known.set(root, after);
    if (before.length > 0 || after.length > 0) this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }
}

/** Without the faults in files that were changed since: their rows are others now. */
async function stillTrue(root: string, problems: readonly Problem[], time: number): Promise<Problem[]> {
  const files = new Set(problems.map(({ place }) => place?.file).filter((file) => file !== undefined));
  const changed = new Set<string>();
  for (const file of files) {
    const stat = await fs.stat(path.resolve(root, file)).catch(() => undefined);
    if (!stat || stat.mtimeMs > time) changed.add(file);
  }
  return problems.filter(({ place }) => place?.file === undefined || !changed.has(place.file));
}
