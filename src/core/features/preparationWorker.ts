/** A thread that prepares images, a program of its own. Started by preparationPool.ts with a PreparationTask. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import sharp from 'sharp';
import { decodedMemory, fileMemory } from '../images/memory';
import { describeFailure } from '../inference/failure';
import type { FromPreparation, PreparationTask, ToPreparation } from './preparationMessages';
import { LocalPreparer } from './preparer';

function serve(port: MessagePort, { preprocessing, accounts }: PreparationTask): void {
  // Images side by side, each on one thread; libvips would take all of them for each where its allocator lets it.
  sharp.concurrency(1);
  fileMemory.join(accounts.files);
  decodedMemory.join(accounts.decoded);
  const preparer = new LocalPreparer(preprocessing);
  const answers = new Map<number, (wanted: boolean) => void>();
  const post = (message: FromPreparation, moved: readonly ArrayBuffer[] = []) =>
    port.postMessage(message, [...moved]);

  const prepare = async (id: number, file: string): Promise<void> => {
    try {
      const image = await preparer.prepare(file, (hash, stamp) => {
        post({ kind: 'hash', id, hash, stamp });
        return new Promise((resolve) => answers.set(id, resolve));
      });
      post({ kind: 'prepared', id, image }, image ? [image.levels.buffer] : []);
    } catch (error) {
      post({ kind: 'failed', id, failure: describeFailure(error) });
    }
  };
  port.on('message', (message: ToPreparation) => {
    if (message.kind === 'prepare') void prepare(message.id, message.file);
    else if (message.kind === 'answer') {
      answers.get(message.id)?.(message.wanted);
      answers.delete(message.id);
    } else port.close();
  });
}

if (parentPort) serve(parentPort, workerData as PreparationTask);
