/** Waits, deaf to its channel, until its parent has closed it; then tells the parent two things and ends in order. */
import { readSync } from 'node:fs';
import { tellParent } from '../../../src/core/base/lifeline';

process.stdout.write('ready\n');
// The channel's end is heard in the event loop only, which has not begun.
readSync(0, Buffer.alloc(1));
tellParent({ first: true });
setImmediate(() => {
  tellParent({ second: true });
  setTimeout(() => process.exit(7), 100);
});
