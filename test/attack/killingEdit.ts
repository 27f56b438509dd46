/** One edit that ends its own process at a step of the write: `ROOT SAMPLE STEP`; prints the event's id once it is acknowledged. */
import { appendFileSync } from 'node:fs';
import { appendEdits } from '../../src/core/labels/log';
import type { WriteStep } from '../../src/core/labels/logWriter';

async function main([root, sample, step]: readonly string[]): Promise<void> {
  const end = (): void => {
    process.kill(process.pid, 'SIGKILL');
  };
  const onStep = (done: WriteStep, file: string, bytes?: Uint8Array): void => {
    if (step === 'half written' && done === 'opened' && bytes) {
      appendFileSync(file, bytes.subarray(0, bytes.length >> 1));
      end();
    } else if (done === step) end();
  };
  const edit = { op: 'set', sample: sample ?? '', finding: 'class', value: 'covid' } as const;
  const annotator = { name: 'Ann', role: 'reader' } as const;
  const events = await appendEdits(root ?? '', annotator, [edit], () => null, { onStep });
  process.stdout.write(`${events.map(({ id }) => id).join(' ')}\n`);
}

void main(process.argv.slice(2));
