/** A process of its own that appends label edits: `ROOT ANNOTATOR COUNT`; prints the id of each event once it is acknowledged. */
import { appendEdits } from '../../../src/core/labels/log';

async function main([root, name, count]: readonly string[]): Promise<void> {
  for (let k = 0; k < Number(count); k++) {
    const sample = `${name!}-${k}`;
    const edit = { op: 'set', finding: 'class', value: 'covid' } as const;
    // Two events a batch: a batch is whole or absent.
    const edits = [
      { ...edit, sample },
      { ...edit, sample: `${sample}-b` },
    ];
    const events = await appendEdits(root!, { name: name!, role: 'reader' }, edits, () => 'normal');
    process.stdout.write(`${events.map((event) => event.id).join(' ')}\n`);
  }
}

void main(process.argv.slice(2));
