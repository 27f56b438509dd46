import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { asGrey, toLuma } from '../../../src/core/images/grey';
import type { DecodedImage } from '../../../src/core/images/model';

const file = path.join(import.meta.dirname, '../../golden/values/images/manifest.json');
const { luma } = JSON.parse(readFileSync(file, 'utf8')) as { luma: { colours: string; grey: string } };

function colour(data: Uint8Array | Uint16Array, bits: 8 | 16 = 8): DecodedImage {
  return { width: data.length / 3, height: 1, channels: 3, bits, data };
}

it('makes the grey that Pillow makes', () => {
  const grey = toLuma(colour(Uint8Array.from(Buffer.from(luma.colours, 'base64'))));
  expect(grey.channels).toBe(1);
  expect([...grey.data]).toEqual([...Buffer.from(luma.grey, 'base64')]);
});

it('takes RGB of equal channels for grey, of any depth', () => {
  const eight = asGrey(colour(Uint8Array.of(7, 7, 7, 250, 250, 250)));
  expect(eight).toEqual({ width: 2, height: 1, channels: 1, bits: 8, data: Uint8Array.of(7, 250) });
  const sixteen = asGrey(colour(Uint16Array.of(9000, 9000, 9000), 16));
  expect(sixteen?.data).toEqual(Uint16Array.of(9000));
});

it('leaves colour and what is grey already', () => {
  expect(asGrey(colour(Uint8Array.of(7, 7, 7, 250, 250, 251)))).toBeNull();
  const grey: DecodedImage = { width: 1, height: 1, channels: 1, bits: 8, data: Uint8Array.of(3) };
  expect(asGrey(grey)).toBe(grey);
  expect(toLuma(grey)).toBe(grey);
});
