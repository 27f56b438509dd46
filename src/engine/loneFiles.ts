/** Images that are opened by themselves, of no project: read and decoded in a process of their own, as all others are. */
import * as path from 'node:path';
import type { DetailPixels, DicomTags } from '../protocol/engineApi';
import { pictureLimits, PicturesProcess } from './picturesProcess';

/** The process's program, which the build lays beside the engine's own. */
const program = path.join(__dirname, 'pictures.js');

export class LoneFiles {
  private readonly process: PicturesProcess;

  constructor(stuckMs = pictureLimits.stuckMs) {
    this.process = new PicturesProcess(program, () => undefined, { ...pictureLimits, stuckMs });
  }

  /** @param frame from 1; undefined: the one that the file shows first */
  pixels(file: string, frame: number | undefined): Promise<DetailPixels> {
    const named = frame === undefined ? file : `${file}#${frame}`;
    return this.process.ask((rpc) => rpc.call('filePixels', named), true);
  }

  tags(file: string): Promise<DicomTags> {
    return this.process.ask((rpc) => rpc.call('dicomTags', file), true);
  }
}
