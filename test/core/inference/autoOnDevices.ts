/** A program for fastestDevice.test.ts: opens a network on `auto` in a process that was started with a Vulkan driver, and says what came of it. */
import { openInferencePool } from '../../../src/core/inference/inferencePool';
import { tinyBackbone } from '../features/tinyBackbone';

const [program = '', cacheDir = ''] = process.argv.slice(2);

async function open() {
  const said: string[] = [];
  const note = (message: string) => said.push(message);
  const inference = await openInferencePool(program, tinyBackbone(), 'auto', 1e9, {
    cacheDir,
    log: { info: note, warn: note },
  });
  const images = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => (i % 97) / 97);
  const { features } = await inference.run(images, 1);
  await inference.close();
  return { opened: inference.opened, said, features: [...features] };
}

void (async () => {
  process.stdout.write(JSON.stringify([await open(), await open()]));
})();
