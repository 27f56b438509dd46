/** The thread that decodes compressed frames, a program of its own: a codec that loops is ended with it. */
import { parentPort } from 'node:worker_threads';
import type { CodecTask } from './codec';
import { Codecs } from './codecs';
import { DicomFault } from './fault';
import type { CodecAnswer } from './codecThreads';

const codecs = new Codecs();

async function answer(task: CodecTask): Promise<CodecAnswer> {
  try {
    return { decoded: await codecs.decode(task) };
  } catch (error) {
    if (error instanceof DicomFault) return { fault: error.message };
    return { defect: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (task: CodecTask) => {
  void answer(task).then((message) => {
    parentPort?.postMessage(message, 'decoded' in message ? [message.decoded.data.buffer] : []);
  });
});
