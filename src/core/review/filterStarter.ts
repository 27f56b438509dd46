/**
 * Starts the processes in which filters run. A process and DuckDB in it take longer to start than a filter to answer,
 * so where one is expected it is started ahead, while the project is read.
 */
import { type ChildProcess, forkProgram, letGo, takeBack } from '../base/childProgram';

export class FilterStarter {
  private spare: ChildProcess | undefined;

  /** @param program the built filterProgram */
  constructor(private readonly program: string) {}

  /** Starts a process ahead, unless one is waiting. It holds up nobody's end, and ends with this process. */
  prepare(): void {
    if (this.spare) return;
    const spare = forkProgram(this.program);
    const forget = () => {
      if (this.spare === spare) this.spare = undefined;
    };
    spare.once('error', forget).once('exit', forget);
    letGo(spare);
    this.spare = spare;
  }

  /** The process that was started ahead, or a new one. It is the caller's to end. */
  take(): ChildProcess {
    const { spare } = this;
    this.spare = undefined;
    if (!spare) return forkProgram(this.program);
    takeBack(spare);
    return spare;
  }
}
