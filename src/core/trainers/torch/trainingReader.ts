/** Follows a training by its files: each look reads what was appended since the last. */
import { StringDecoder } from 'node:string_decoder';
import { OverreadError } from '../../base/errors';
import { jobFiles, readJobFile, readPart } from '../../jobs/files';
import { parseLine } from './progressLines';
import { parseTrainingPlan, TrainingCurves } from './trainingCurves';
import type { TrainingReport } from './trainingReport';

/** Bytes that are read at once: ten hours of a line a second have 8 MB. */
const pieceBytes = 2 ** 20;

export class TrainingReader {
  private curves = new TrainingCurves();
  private at = 0;
  private rest = '';
  private decoder = new StringDecoder('utf8');
  private hasPlan = false;

  /** @param job in whose folder it trains */
  constructor(
    private readonly root: string,
    readonly job: string,
  ) {}

  /**
   * Reads on.
   * @returns where it stands; of a folder without a training that nothing has begun
   * @throws OVR807 its progress is no plain file
   */
  async read(): Promise<TrainingReport> {
    await this.readPlan();
    for (;;) {
      const bytes = await readPart(this.root, this.job, jobFiles.trainingProgress, this.at, pieceBytes);
      if (bytes === undefined) this.forget();
      if (bytes === undefined || bytes.length === 0) break;
      this.at += bytes.length;
      const lines = (this.rest + this.decoder.write(bytes)).split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines.flatMap(parseLine)) this.curves.take(line);
    }
    return this.curves.report();
  }

  private async readPlan(): Promise<void> {
    if (this.hasPlan) return;
    try {
      const plan = await readJobFile(this.root, this.job, jobFiles.training, parseTrainingPlan);
      if (plan === undefined) return;
      this.curves.expect(plan);
    } catch (error) {
      // Curves can be drawn without: which networks come next is then not known.
      if (!(error instanceof OverreadError)) throw error;
    }
    this.hasPlan = true;
  }

  /** Its folder was cleared away: what comes there next is another training. */
  private forget(): void {
    if (this.at === 0) return;
    this.curves = new TrainingCurves();
    this.decoder = new StringDecoder('utf8');
    [this.at, this.rest, this.hasPlan] = [0, '', false];
  }
}
