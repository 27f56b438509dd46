/**
 * DICOM (npm run bench:dicom): headers a second as `init` reads them, and films of 1,024 × 1,024 in 8-bit JPEG a second, from
 * file to the grey that the network gets, on two cores; beside pydicom with two processes in the same run, where
 * OVERREAD_PYTHON names a Python that has it. The films are drawn: waves and noise, as large as a radiograph's when compressed.
 */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { readDicomHeader } from '../src/core/dicom/header';
import { decodeImage } from '../src/core/images/decode';
import { writeDicom, type ElementValue } from '../test/support/dicomFile';
import { checkBound, writeResult, type Check } from './result';

const run = promisify(execFile);
const side = 1024;
const headerCount = 4000;
const filmCount = 200;
/** As many at once as the pipeline of features prepares (features/prepare.ts). */
const atOnce = 12;

const text = (tag: string, vr: string, value: string): ElementValue => ({ tag, vr, value });
/** What a radiograph's header has, with made-up values; some of them long. */
const header = (n: number): ElementValue[] => [
  text('00080008', 'CS', 'DERIVED\\PRIMARY'),
  text('00080018', 'UI', `1.2.276.0.7230010.3.1.4.8323329.${n}`),
  text('00080020', 'DA', '20200101'),
  text('00080070', 'LO', 'A manufacturer'),
  ...Array.from({ length: 40 }, (_, i) =>
    text(`0018${(0x1100 + i).toString(16)}`, 'LO', `a value of the device ${i}`),
  ),
  text('00100040', 'CS', 'F'),
  text('00101010', 'AS', '051Y'),
  text('00180015', 'CS', 'CHEST'),
  text('00185101', 'CS', 'PA'),
  text('00280030', 'DS', '0.143\\0.143'),
];

async function draw(n: number): Promise<Buffer> {
  const grey = new Uint8Array(side * side);
  let noise = 7 + n;
  for (let i = 0; i < grey.length; i++) {
    noise = (Math.imul(noise, 1103515245) + 12345) & 0x7fffffff;
    const [x, y] = [i % side, Math.floor(i / side)];
    grey[i] = 128 + 80 * Math.sin(x / 90 + n) * Math.cos(y / 120) + ((noise >> 16) % 12);
  }
  return sharp(grey, { raw: { width: side, height: side, channels: 1 } })
    .toColourspace('b-w')
    .jpeg({ quality: 90 })
    .toBuffer();
}

async function all<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<number> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  return items.length / ((performance.now() - start) / 1000);
}

async function pydicom(
  headers: string,
  films: string,
): Promise<{ headers: number; films: number } | undefined> {
  for (const candidate of [process.env['OVERREAD_PYTHON'], 'python3', 'python']) {
    if (candidate === undefined || candidate === '') continue;
    try {
      await run(candidate, ['-c', 'import pydicom.pixels, numpy, PIL']);
    } catch {
      continue;
    }
    const { stdout } = await run(candidate, [path.join('bench', 'dicom.py'), headers, films]);
    return JSON.parse(stdout) as { headers: number; films: number };
  }
  return undefined;
}

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overread-dicom-bench-'));
  try {
    const [headers, films] = [path.join(folder, 'headers'), path.join(folder, 'films')];
    for (const each of [headers, films]) fs.mkdirSync(each);
    const drawn = await Promise.all(Array.from({ length: 8 }, (_, n) => draw(n)));
    const film = (n: number): Buffer =>
      writeDicom({
        width: side,
        height: side,
        pixels: [[drawn[n % drawn.length] ?? Buffer.alloc(0)]],
        transferSyntax: '1.2.840.10008.1.2.4.50',
        more: header(n),
      });
    for (let n = 0; n < filmCount; n++) fs.writeFileSync(path.join(films, `${n}.dcm`), film(n));
    for (let n = 0; n < headerCount; n++) fs.writeFileSync(path.join(headers, `${n}.dcm`), film(n));
    const filesOf = (below: string) => fs.readdirSync(below).map((name) => path.join(below, name));

    const readTags = async (file: string): Promise<void> => {
      const found = await readDicomHeader(file);
      for (const tag of ['x00080060', 'x00180015', 'x00100040', 'x00080070']) found.texts(tag);
    };
    await all(filesOf(headers).slice(0, 50), readTags);
    const ours = { headers: await all(filesOf(headers), readTags), films: 0 };
    await all(filesOf(films).slice(0, 20), (file) => decodeImage(file));
    ours.films = await all(filesOf(films), (file) => decodeImage(file));
    const theirs = await pydicom(headers, films);
    const checks: Check[] = [
      checkBound('headers a second', ours.headers, 'at least 1,000', ours.headers >= 1000),
      checkBound(
        'films of 1,024 × 1,024 in 8-bit JPEG a second',
        ours.films,
        'at least 100',
        ours.films >= 100,
      ),
    ];
    if (theirs) {
      console.log(
        `pydicom: ${theirs.headers.toFixed(0)} headers/s, ${theirs.films.toFixed(0)} films/s; ` +
          `ours ${(ours.headers / theirs.headers).toFixed(1)} and ${(ours.films / theirs.films).toFixed(1)} times as many`,
      );
    } else {
      const detail = 'no Python with pydicom: name one in OVERREAD_PYTHON';
      checks.push({ name: 'beside pydicom', verdict: 'skipped', detail });
    }
    writeResult('dicom', {
      checks,
      figures: { ours, pydicom: theirs ?? null, film_kilobytes: Math.round((drawn[0]?.length ?? 0) / 1000) },
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

void main();
