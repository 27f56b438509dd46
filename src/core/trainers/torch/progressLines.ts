/** What Python tells, as progress that people read. */
import type { Progress } from '../../base/report';

/** A line of `progress.jsonl` in the work folder; members depend on the stage. */
export interface TrainingLine {
  readonly stage: string;
  readonly [member: string]: unknown;
}

/** A line of the file; nothing where it is none, as where it was torn by a kill. */
export function parseLine(line: string): TrainingLine[] {
  try {
    const value = JSON.parse(line) as unknown;
    const isLine = typeof value === 'object' && value !== null && 'stage' in value;
    return isLine && typeof value.stage === 'string' ? [value as TrainingLine] : [];
  } catch {
    return [];
  }
}

/** A member that is a number; undefined for anything else. */
export function numberOf(line: TrainingLine, name: string): number | undefined {
  const value = line[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Undefined for lines that are of no interest while it runs. */
export function progressOf(line: TrainingLine): Progress | undefined {
  const number = (name: string): number | undefined => numberOf(line, name);
  const text = (name: string): string => textOf(line, name);
  switch (line.stage) {
    case 'device': {
      const processes = number('processes') ?? 1;
      const several = processes > 1 ? `, ${processes} processes` : '';
      return { stage: 'start', done: 0, message: `on ${text('name')}${several}` };
    }
    case 'probe':
      return { stage: 'last layer', done: 0, message: 'features of the network as it is' };
    case 'estimate':
      return { stage: 'estimate', done: 0, message: estimate(number('seconds'), number('networks')) };
    case 'resumed':
      return { stage: 'resume', done: 0, message: `${text('phase')}, step ${text('step')}` };
    case 'step':
    case 'epoch': {
      const epoch = number('epoch') ?? 0;
      const isWhole = line.stage === 'epoch';
      return {
        stage: `train ${text('phase')}`,
        done: isWhole ? epoch : epoch - 1,
        total: number('epochs') ?? epoch,
        message: [
          ...named('loss', number('loss'), 4),
          ...named('held-out loss', number('held_loss'), 4),
          ...named('AUROC', number('held_auroc'), 3),
          ...counted(number('images_per_s'), 0, 'images/s'),
          ...counted(number('gpu_use'), 0, '% of the GPU'),
          ...counted(scaled(number('memory')), 1, 'GB of GPU memory'),
        ].join(', '),
      };
    }
    case 'predict':
      return { stage: 'predict', done: 0 };
    default:
      return undefined;
  }
}

/** A member as text; '' where it is neither text nor a number. */
export function textOf(line: TrainingLine | undefined, name: string): string {
  const value = line?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** `at most 12 min for 2 networks` */
function estimate(seconds: number | undefined, networks: number | undefined): string {
  if (seconds === undefined) return '';
  const time =
    seconds < 90
      ? `${Math.ceil(seconds)} s`
      : seconds < 5400
        ? `${Math.ceil(seconds / 60)} min`
        : `${(seconds / 3600).toFixed(1)} h`;
  return `about ${time} at most, for ${networks ?? 1} ${networks === 1 ? 'network' : 'networks'}`;
}

/** `loss 0.4210`; nothing of what was not told. */
function named(name: string, value: number | undefined, digits: number): string[] {
  return value === undefined ? [] : [`${name} ${value.toFixed(digits)}`];
}

/** `87 % of the GPU` */
function counted(value: number | undefined, digits: number, unit: string): string[] {
  return value === undefined ? [] : [`${value.toFixed(digits)} ${unit}`];
}

function scaled(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / 1e9;
}
