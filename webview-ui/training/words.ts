/** What the page says of a training, in words. */
import type { EpochPoint, JobState, TrainedNetwork, WatchedTraining } from '../../src/protocol/trainingApi';
import { fill } from '../texts';
import type { TrainingTexts } from './strings';

/** `inner`, `fold-3`, `final` as people read it. */
export function networkName(name: string, texts: TrainingTexts): string {
  const fold = /^fold-(\d+)$/.exec(name)?.[1];
  if (fold !== undefined) return fill(texts.names.fold, { n: fold });
  if (name === 'inner') return texts.names.inner;
  return name === 'final' ? texts.names.final : name;
}

/** Whether a job may still go on. */
export function isUnderWay(state: JobState): boolean {
  return state === 'queued' || state === 'running';
}

/** Where the job stands, in a sentence or two. */
export function stateSentence({ job, training }: WatchedTraining, texts: TrainingTexts): string {
  const { states } = texts;
  switch (job.state) {
    case 'queued':
      return states.queued;
    case 'ended':
      return states.ended;
    case 'cancelled':
    case 'lost':
      return fill(states[job.state], { job: job.job });
    case 'failed':
      return fill(states.failed, { why: whyFailed({ job, training }) }).trim();
    case 'running':
      return runningSentence({ job, training }, texts);
    default:
      return job.state satisfies never;
  }
}

function runningSentence({ job, training }: WatchedTraining, texts: TrainingTexts): string {
  const { states } = texts;
  const { stage, now } = training;
  if (stage === 'images') return fill(states.images, { progress: progressOf(job) }).trim();
  if (stage === 'trains' && now) {
    const { epoch, epochs } = now;
    return fill(states.trains, { network: networkName(now.network, texts), epoch, epochs });
  }
  if (stage === 'predicts') return states.predicts;
  return stage === 'starts' ? states.starts : states.finishes;
}

function progressOf({ progress }: WatchedTraining['job']): string {
  if (progress === null) return '';
  const { stage, done, total } = progress;
  return total === undefined ? `${stage}.` : `${stage} ${done}/${total}.`;
}

function whyFailed({ job: { error }, training }: WatchedTraining): string {
  if (error === null) return training.fault ?? '';
  const parts = [error.message, error.fix ?? ''].filter(Boolean).map((part) => part.replace(/\.$/, ''));
  return `${parts.join('. ')} (${error.code})`;
}

/** One sentence for the end of an epoch. */
export function epochSentence(
  { name, epochs }: Pick<TrainedNetwork, 'name' | 'epochs'>,
  point: EpochPoint,
  texts: TrainingTexts,
): string {
  const told = (template: string, value: number | null, digits: number): string[] =>
    value === null ? [] : [fill(template, { value: value.toFixed(digits) })];
  const figures = [
    ...told(texts.saidLoss, point.loss, 3),
    ...told(texts.saidHeldLoss, point.heldLoss, 3),
    ...told(texts.saidAuroc, point.heldAuroc, 3),
  ].join(', ');
  return fill(texts.said, { network: networkName(name, texts), epoch: point.epoch, epochs, figures });
}

/** `12 min`; below a minute and a half in seconds, above an hour and a half in hours. */
export function duration(seconds: number, texts: TrainingTexts): string {
  if (seconds < 90) return fill(texts.seconds, { n: Math.ceil(seconds) });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return fill(texts.minutes, { n: minutes });
  return fill(texts.hours, { n: Math.floor(minutes / 60), m: minutes % 60 });
}

/** `0.4210`; `–` where it was not told. */
export function figure(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits);
}

/** A learning rate: `3e-4`, `2.57e-5`. */
export function rate(value: number | null): string {
  return value === null ? '–' : Number(value.toPrecision(3)).toExponential().replace('e+0', '');
}

/** Bytes as the GB of the field. */
export function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
