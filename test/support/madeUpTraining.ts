/** What PyTorch tells of a training that nobody ran: lines as `python/overread_torch` writes them, of made-up figures. */
import type { TrainingLine } from '../../src/core/trainers/torch/progressLines';

export interface MadeUpTraining {
  readonly epochs: number;
  readonly folds: number;
  /** After how many epochs the inner network stops; default: all. */
  readonly best?: number;
  /** Lines of a GPU. */
  readonly gpu?: boolean;
  /** Only so many lines. */
  readonly lines?: number;
}

/** Seconds of an epoch. */
export const epochSeconds = 40;
const stepsPerEpoch = 20;

/** All lines, or the first of them. Two steps of an epoch are told. */
export function madeUpLines({
  epochs,
  folds,
  best = epochs,
  gpu = false,
  lines,
}: MadeUpTraining): TrainingLine[] {
  let time = 1_790_000_000;
  const told: TrainingLine[] = [];
  const tell = (stage: string, after: number, values: Readonly<Record<string, unknown>> = {}): void => {
    time += after;
    told.push({ time, stage, ...values });
  };
  const card = { device: 'cuda:0', name: 'NVIDIA H100', memory: 85e9, processes: 1, pid: 7 };
  const processor = { device: 'cpu', name: 'cpu', memory: null, processes: 1, pid: 7 };
  tell('device', 2, gpu ? card : processor);
  tell('probe', 1);
  tell('estimate', 20, { seconds_per_step: 2, networks: folds + 2, seconds: 4000 });
  const names = ['inner', ...Array.from({ length: folds }, (_, n) => `fold-${n}`), 'final'];
  for (const [n, phase] of names.entries()) {
    const planned = phase === 'inner' ? epochs : best;
    for (let epoch = 1; epoch <= planned; epoch++) {
      const loss = 0.25 + 0.55 * Math.exp(-epoch / (3 + (n % 3)));
      const speed = 118 + ((epoch * 7 + n * 3) % 9);
      const machine = {
        learning_rate: 3e-4 * 0.5 * (1 + Math.cos((Math.PI * epoch) / epochs)),
        memory: gpu ? 9.1e9 : null,
        gpu_use: gpu ? 90 + ((epoch + n) % 7) : null,
      };
      const share = { phase, epoch, epochs: planned };
      for (const at of [0.25, 0.75])
        tell('step', epochSeconds * (at === 0.25 ? 0.25 : 0.5), {
          ...share,
          step: at * stepsPerEpoch,
          steps: stepsPerEpoch,
          loss: loss + 0.02,
          images_per_s: speed,
          ...machine,
        });
      const isHeld = phase === 'inner' || (phase !== 'final' && epoch === planned);
      const held = {
        held_loss: 0.42 + 0.4 * Math.exp(-epoch / 3) + 0.004 * epoch,
        held_auroc: 0.93 - 0.25 * Math.exp(-epoch / 3),
      };
      tell('epoch', epochSeconds * 0.25, {
        ...share,
        loss,
        images_per_s: speed,
        ...(isHeld ? held : {}),
        ...machine,
      });
    }
  }
  tell('predict', 3);
  tell('done', 9, { epochs: best, finished: time });
  return lines === undefined ? told : told.slice(0, lines);
}

/** `job.json` of it, as far as curves need it. */
export function madeUpPlan({ epochs, folds }: Pick<MadeUpTraining, 'epochs' | 'folds'>) {
  return { folds, only_inner: false, settings: { epochs, patience: 5 }, network: { only_last: false } };
}
