// Reads a finished VSIX: what is in it, and its files on disk again for the smoke test.
import { createWriteStream, mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import * as yauzl from 'yauzl';

/** Calls `visit({ name, size, compressed, open })` for each file of the archive; `open()` gives its bytes as a stream. */
export async function eachFile(archive, visit) {
  const zip = await promisify(yauzl.open)(archive, { lazyEntries: true });
  await new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry) => {
      if (entry.fileName.endsWith('/')) {
        zip.readEntry();
        return;
      }
      const open = promisify(zip.openReadStream.bind(zip, entry));
      Promise.resolve(
        visit({ name: entry.fileName, size: entry.uncompressedSize, compressed: entry.compressedSize, open }),
      ).then(() => zip.readEntry(), reject);
    });
    zip.readEntry();
  });
}

/** The names of all files of the archive. */
export async function listArchive(archive) {
  const files = [];
  await eachFile(archive, ({ name, size, compressed }) => {
    files.push({ name, size, compressed });
  });
  return files;
}

/** Unpacks the archive into `folder`. */
export async function extractArchive(archive, folder) {
  await eachFile(archive, async ({ name, open }) => {
    const file = path.join(folder, name);
    if (!file.startsWith(folder + path.sep)) throw new Error(`${name} leaves the archive.`);
    mkdirSync(path.dirname(file), { recursive: true });
    await pipeline(await open(), createWriteStream(file));
  });
}
