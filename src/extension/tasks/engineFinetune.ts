/**
 * "Fine-tune last layer" done by the engine behind a task's terminal: on cached features it is a matter of moments, most of
 * which a process of its own would need to start. What only a job can do, a job does.
 */
import * as fs from 'node:fs/promises';
import * as vscode from 'vscode';
import type { FinetuneEnd, FinetuneRequest } from '../../protocol/engineApi';
import { visibleText } from '../../core/base/visibleText';
import { DisposableStore } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import { reportOf, sentence } from '../failures';
import type { Project } from '../projects/project';

/** The exit code of a terminal that leaves the work to a job: it is no end that anybody is told of. */
export const handedOver = 75;

/** Else as the command line ends. */
const exitCodes = { done: 0, failed: 1, cancelled: 130, left: handedOver } as const;

interface Parts {
  readonly engine: EngineClient;
  readonly project: Project;
  readonly request: FinetuneRequest;
  /** Where a task leaves how it ended. */
  readonly outcomeFile: string;
}

/** It begins when it is made: the terminal needs longer to open than the fit for its first steps. */
export class EngineFinetune implements vscode.Pseudoterminal {
  private readonly store = new DisposableStore();
  private readonly written = this.store.add(new vscode.EventEmitter<string>());
  private readonly closed = this.store.add(new vscode.EventEmitter<number>());
  private waiting: string[] | undefined = [];
  private exitCode: number | undefined;

  /** The engine leaves it to a job. */
  readonly isLeft: Promise<boolean>;
  readonly onDidWrite = this.written.event;
  readonly onDidClose = this.closed.event;

  constructor(private readonly parts: Parts) {
    const { engine, project, request } = parts;
    this.store.add(
      engine.onDidFinetune(({ root, line, ranked }) => {
        if (root !== project.root) return;
        this.write(line);
        // Its run is on disk, and is shown while its intervals are computed.
        if (ranked) void project.refresh('runs', 'labels');
      }),
    );
    const end = engine
      .call('finetune', project.root, request)
      .catch((error: unknown): FinetuneEnd => ({ ended: 'failed', error: reportOf(error) }));
    void end.then((how) => this.ended(how));
    this.isLeft = end.then(({ ended }) => ended === 'left');
  }

  open(): void {
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    for (const line of waiting) this.written.fire(line);
    if (this.exitCode !== undefined) this.end(this.exitCode);
  }

  /** The person ends the task, or its terminal. */
  close(): void {
    if (this.exitCode === undefined) this.cancel();
    else this.store.dispose();
  }

  handleInput(data: string): void {
    if (data === '\u0003') this.cancel();
  }

  private cancel(): void {
    void this.parts.engine.call('cancelFinetune', this.parts.project.root).catch(() => undefined);
  }

  private async ended(end: FinetuneEnd): Promise<void> {
    if (end.ended === 'failed') this.write(`${sentence(end.error)} (${end.error.code})`);
    if (end.ended === 'done' || end.ended === 'failed') {
      const problems = end.ended === 'done' ? end.problems : [];
      const outcome = { problems, ...(end.ended === 'failed' ? { error: end.error } : {}) };
      await fs.writeFile(this.parts.outcomeFile, JSON.stringify(outcome)).catch(() => undefined);
    }
    this.exitCode = exitCodes[end.ended];
    if (!this.waiting) this.end(this.exitCode);
  }

  private end(exitCode: number): void {
    this.closed.fire(exitCode);
    this.store.dispose();
  }

  private write(lines: string): void {
    for (const line of lines.split('\n')) {
      // Names of the project's come into it: none commands the terminal.
      const text = `${visibleText(line)}\r\n`;
      if (this.waiting) this.waiting.push(text);
      else this.written.fire(text);
    }
  }
}
