/** The codecs of one thread: each is opened when a frame needs it. */
import type { CodecTask, DecodedCodestream } from './codec';
import { CornerstoneCodec, type CornerstoneName } from './cornerstoneCodec';
import { DcmjsCodec } from './dcmjsCodec';

export class Codecs {
  private jpeg: DcmjsCodec | undefined;
  private readonly others = new Map<CornerstoneName, CornerstoneCodec>();

  /** @throws DicomFault */
  decode(task: CodecTask): Promise<DecodedCodestream> {
    if (task.codec === 'jpeg') return (this.jpeg ??= new DcmjsCodec()).decode(task);
    const codec = this.others.get(task.codec) ?? new CornerstoneCodec(task.codec);
    this.others.set(task.codec, codec);
    return codec.decode(task);
  }
}
