/**
 * Fine-tuning of the last layer where its features are in the cache: in the process that holds features, which is warm,
 * instead of a job of its own. Edits go on meanwhile; the run is the one that the command line makes.
 */
import { canonicalJson } from '../../core/base/files';
import { configuredOtherwise } from '../../core/runs/configuredNetwork';
import { trainerNames } from '../../core/trainers/names';
import type { FinetuneEnd, FinetuneRequest } from '../../protocol/engineApi';
import { RemoteError } from '../../protocol/rpc';
import type { LiveProject } from '../liveProject';
import type { FitProcess } from './fitProcess';

/** Images above which it takes longer than anybody waits for without a job that can be left alone. */
const mostImages = 25_000;

/** ms without an edit after which the keys are quiet. */
const quietMs = 1000;

/** After being asked to end in order, how long the process has for it, ms. */
const graceMs = 3000;

export class Finetunes {
  private underWay: { isCancelled: boolean } | undefined;
  private warming: NodeJS.Timeout | undefined;
  /** The device that was asked for last. */
  private device: FinetuneRequest['device'];

  constructor(
    private readonly project: LiveProject,
    private readonly process: FitProcess,
  ) {}

  /** Whether it is for this process; else it is work for a job. */
  may({ architecture, weights }: FinetuneRequest): boolean {
    const { run, config, dataset, folder } = this.project;
    if (this.underWay !== undefined || folder.readOnly || config.training.layers !== 'last') return false;
    if (!run?.record.network || run.record.trainer.name !== trainerNames.lastLayer) return false;
    const model = {
      ...config.model,
      ...(architecture === undefined ? {} : { architecture }),
      ...(weights === undefined ? {} : { weights }),
    };
    if (dataset.samples.length > mostImages) return false;
    // Where the wanted weights could not be had, those of the run were taken in their place, and are again.
    const { model: before } = run.record.config as { readonly model?: unknown };
    return (
      canonicalJson(model) === canonicalJson(before ?? null) ||
      configuredOtherwise(model, run.record.network) === null
    );
  }

  /** Labels were edited, which a fine-tuning follows: its process is started when the keys are quiet. */
  warmSoon(): void {
    clearTimeout(this.warming);
    this.warming = setTimeout(() => this.warm(), quietMs).unref();
  }

  /** As `EngineMethods.finetune`; never rejects. */
  async make(request: FinetuneRequest): Promise<FinetuneEnd> {
    if (!this.may(request)) return { ended: 'left' };
    const { root, folder, run } = this.project;
    const own = { isCancelled: false };
    this.underWay = own;
    this.device = request.device;
    try {
      // Images that the shown run skipped are looked at again: one may have been mended.
      const mostMissing = run?.record.counts.skipped ?? 0;
      return await this.process.rpc.call('finetune', { root, policy: folder.policy }, request, mostMissing);
    } catch (error) {
      if (own.isCancelled) return { ended: 'cancelled' };
      if (error instanceof RemoteError) return { ended: 'failed', error: error.report };
      throw error;
    } finally {
      this.underWay = undefined;
    }
  }

  private warm(): void {
    // Of an edit that was made while a run is written the next fit is begun afterwards.
    if (this.underWay) this.warmSoon();
    const place = this.may({}) ? this.project.runPlace : undefined;
    if (place) void this.process.rpc.call('warm', place, this.device).catch(() => undefined);
  }

  /** Asks for its end, and after a grace ends its process. */
  async cancel(): Promise<void> {
    const { underWay } = this;
    if (!underWay) return;
    underWay.isCancelled = true;
    const { rpc } = this.process;
    const timer = setTimeout(() => this.underWay === underWay && this.process.end(), graceMs);
    await rpc.call('cancelFinetune').catch(() => undefined);
    timer.unref();
  }
}
