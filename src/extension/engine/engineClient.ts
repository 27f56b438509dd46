/**
 * The engine as the rest of the extension sees it: started by the first call, started again after a crash,
 * told about once. Calls that were under way when it died are rejected; none is repeated, because an edit
 * must not be made twice.
 */
import * as vscode from 'vscode';
import type { EngineEvents, EngineMethods, EngineSettings } from '../../protocol/engineApi';
import { RemoteError } from '../../protocol/rpc';
import { commands } from '../contributions';
import { DisposableStore, ReplaceableDisposable, type Disposable } from '../disposables';
import { EngineProcess } from './engineProcess';
import { RestartPolicy } from './restartPolicy';
import { say } from '../say';

type Call = <K extends keyof EngineMethods>(
  method: K,
  ...params: Parameters<EngineMethods[K]>
) => ReturnType<EngineMethods[K]>;

export class EngineClient implements Disposable {
  private readonly store = new DisposableStore();
  private readonly process = this.store.add(new ReplaceableDisposable<EngineProcess>());
  private readonly changed = this.store.add(new vscode.EventEmitter<EngineEvents['changed']>());
  private readonly refitted = this.store.add(
    new vscode.EventEmitter<Pick<EngineEvents['refitted'], 'root'>>(),
  );
  private readonly finetuning = this.store.add(new vscode.EventEmitter<EngineEvents['finetuning']>());
  private readonly restarted = this.store.add(new vscode.EventEmitter<void>());
  private readonly policy = new RestartPolicy();
  private starting: Promise<EngineProcess> | undefined;
  private recovering: Promise<void> | undefined;
  private crashedBefore = false;

  /** Labels, runs or tables of a project changed. */
  readonly onDidChange = this.changed.event;
  /** A live refit of a project has ended. */
  readonly onDidRefit = this.refitted.event;
  /** A fine-tuning in the engine goes on. */
  readonly onDidFinetune = this.finetuning.event;
  /** A new engine runs after a crash; lists of the old one are gone. */
  readonly onDidRestart = this.restarted.event;

  constructor(
    private readonly file: string,
    private readonly log: vscode.LogOutputChannel,
    private readonly settings: () => EngineSettings,
  ) {}

  /** The process id of the running engine, for tests and the log. */
  get pid(): number | undefined {
    return this.process.value?.pid;
  }

  /** Calls the engine, starting it where needed. Rejects with `RemoteError`. */
  readonly call = (async (method, ...params) => {
    const engine = await this.running();
    const started = performance.now();
    try {
      // The two signatures agree method by method; TypeScript cannot see that for a generic key.
      return await (engine.call as unknown as Call)(method, ...params);
    } finally {
      this.log.trace(`engine ${method}: ${(performance.now() - started).toFixed(1)} ms`);
    }
  }) as Call;

  /** Hands the settings to a running engine; one that starts later gets them then. */
  async applySettings(): Promise<void> {
    if (this.process.value) await this.call('configure', this.settings());
  }

  /** Ends the engine and starts a new one, however often it crashed. */
  async restart(): Promise<void> {
    this.policy.forgive();
    this.process.value = undefined;
    await this.running();
    this.restarted.fire();
  }

  dispose(): void {
    this.store.dispose();
  }

  private running(): Promise<EngineProcess> {
    if (this.process.value) return Promise.resolve(this.process.value);
    this.starting ??= this.start().finally(() => {
      this.starting = undefined;
    });
    return this.starting;
  }

  private async start(): Promise<EngineProcess> {
    const pause = this.policy.pause();
    if (pause === null) {
      throw new RemoteError({
        code: 'OVR004',
        message: vscode.l10n.t('The engine keeps ending unexpectedly'),
        fix: vscode.l10n.t('See the log, then run "Overread: Restart Engine"'),
      });
    }
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    this.policy.started();
    const engine: EngineProcess = new EngineProcess(this.file, {
      onEvent: (event, payload) => {
        this.receive(event, payload);
      },
      onOutput: (line) => {
        this.log.info(`[engine] ${line}`);
      },
      onDied: (how) => {
        if (this.process.value === engine) this.process.value = undefined;
        this.onCrash(how);
      },
    });
    this.process.value = engine;
    this.log.info(`Engine started, process ${engine.pid ?? 'unknown'}`);
    await engine.call('configure', this.settings());
    if (this.crashedBefore) this.restarted.fire();
    this.crashedBefore = false;
    return engine;
  }

  private receive<E extends keyof EngineEvents>(event: E, payload: EngineEvents[E]): void {
    if (event === 'changed') {
      this.changed.fire(payload as EngineEvents['changed']);
    } else if (event === 'refitted' || event === 'suspected') {
      // Either way counts are others, and the rest of a list may be.
      this.refitted.fire(payload as EngineEvents['refitted' | 'suspected']);
    } else if (event === 'finetuning') {
      this.finetuning.fire(payload as EngineEvents['finetuning']);
    } else {
      const { level, message } = payload as EngineEvents['log'];
      this.log[level](`[engine] ${message}`);
    }
  }

  private onCrash(how: string): void {
    this.log.error(`Engine ended unexpectedly: ${how}`);
    const first = this.policy.crashed();
    this.crashedBefore = true;
    // The views hold lists of the dead engine: bring a new one up without waiting for the next click.
    this.recovering ??= this.recover()
      .then((up) => {
        // Told once for a row of crashes, and once more when it is given up.
        if (first || !up) void tellCrash(up);
      })
      .finally(() => {
        this.recovering = undefined;
      });
  }

  /** Starts the engine until one stays up for its first call, or the policy says no. */
  private async recover(): Promise<boolean> {
    while (!this.store.isDisposed && this.policy.pause() !== null) {
      try {
        await this.running();
        return true;
      } catch (error) {
        this.log.warn(`Engine did not start: ${String(error)}`);
      }
    }
    return false;
  }
}

async function tellCrash(up: boolean): Promise<void> {
  const showLog = vscode.l10n.t('Show Log');
  const restart = vscode.l10n.t('Restart Engine');
  const picked = up
    ? await say.warn(
        vscode.l10n.t('The Overread engine ended unexpectedly and was started again. No label edit is lost.'),
        showLog,
      )
    : await say.error(
        vscode.l10n.t('The Overread engine keeps ending unexpectedly. No label edit is lost.'),
        showLog,
        restart,
      );
  if (picked === showLog) await vscode.commands.executeCommand(commands.showLog);
  if (picked === restart) await vscode.commands.executeCommand(commands.restartEngine);
}
