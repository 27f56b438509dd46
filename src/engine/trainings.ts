/** Trainings that are looked at: what was read of each is kept, so that a look reads what was appended since the last. */
import { readJob } from '../core/jobs/jobs';
import { readTrainingPlace } from '../core/jobs/trainingPlace';
import { TrainingReader } from '../core/trainers/torch/trainingReader';
import type { WatchedTraining } from '../protocol/engineApi';
import { Mutex } from './mutex';

/** Those that were looked at last; another is read anew. */
const most = 8;

interface Watched {
  readonly reader: TrainingReader;
  /** One look at a time reads on. */
  readonly turns: Mutex;
}

export class Trainings {
  private readonly watched = new Map<string, Watched>();

  /** @throws OVR807 there is no such job, or it is damaged */
  async watch(root: string, job: string): Promise<WatchedTraining> {
    // Asked first: what it told before its end is there then.
    const summary = await readJob(root, job);
    const { reader, turns } = this.watchedOf(root, await readTrainingPlace(root, job));
    return { job: summary, training: await turns.run(() => reader.read()) };
  }

  private watchedOf(root: string, place: string): Watched {
    const key = JSON.stringify([root, place]);
    const found = this.watched.get(key) ?? { reader: new TrainingReader(root, place), turns: new Mutex() };
    // The newest last.
    this.watched.delete(key);
    this.watched.set(key, found);
    const [oldest] = this.watched.keys();
    if (this.watched.size > most && oldest !== undefined) this.watched.delete(oldest);
    return found;
  }
}
