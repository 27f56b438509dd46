/** Damaged ONNX files: whatever the bytes, reading and cutting ends with a model no larger, OVR502 or OVR506. */
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OverreadError } from '../../../src/core/base/errors';
import { SplitMix32 } from '../../../src/core/base/random';
import { buildBackbone } from '../../../src/core/backbones/backbone';
import { preprocessingOf } from '../../../src/core/onnxClassifier/imageInput';
import { border, feed, flat, readClassifier, splice } from '../../../src/core/onnxClassifier/splice';
import { inlineExternalData } from '../../../src/core/onnxClassifier/externalData';
import { damage } from '../weights/damage';
import { onnxFolder, onnxWeights, readGoldenModel } from './golden';
import { randomCases } from '../../support/randomCases';

const rounds = randomCases(200, 1000);
const roomForOurs = 4096;

/** Everything that happens to a file before a network is run. */
async function cut(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  const whole = await inlineExternalData(bytes, path.join(onnxFolder, file));
  const classifier = readClassifier(whole, file);
  const { channels, size } = preprocessingOf(classifier.model, classifier.input, undefined);
  for (const oneByOne of [{ channels, size, map: null }, null]) {
    const onnx = splice(classifier, false, oneByOne, (graph) => {
      feed(graph, classifier, graph.input('image', 'float32', ['N', channels, size, size]));
      flat(graph, border.vector, 'features');
      graph.output('features', 'float32', ['N', 'features']);
    });
    // Names that are ours are longer than some that they stand for.
    expect(onnx.length).toBeLessThan(2 * whole.length + roomForOurs);
    if (oneByOne === null) return onnx;
  }
  return whole;
}

describe('damaged ONNX files', () => {
  it.each([
    'odd.onnx',
    'old.onnx',
    'xray-one.onnx',
    'hidden-dynamo.onnx',
    'resnet-8bit.onnx',
    'external.onnx',
  ])('%s', async (file) => {
    const bytes = readGoldenModel(file);
    const random = new SplitMix32(23);
    const seen = { cut: 0, OVR502: 0, OVR506: 0 };
    for (let round = 0; round < rounds; round++) {
      try {
        await cut(damage(bytes, random), file);
        seen.cut++;
      } catch (error) {
        const code = error instanceof OverreadError ? error.code : undefined;
        if (code !== 'OVR502' && code !== 'OVR506') {
          const cause = error instanceof Error ? error.stack : String(error);
          throw new Error(`round ${round} of ${file}: ${cause}`, { cause: error });
        }
        seen[code]++;
      }
    }
    expect(seen.OVR502 + seen.OVR506).toBeGreaterThan(rounds / 10);
  });
});

it('what still reads is tried out, and ends as well', async () => {
  const bytes = readGoldenModel('old.onnx');
  const random = new SplitMix32(29);
  const seen = { built: 0, OVR502: 0, OVR506: 0 };
  for (let round = 0; round < randomCases(50, 150); round++) {
    try {
      const { onnx } = await buildBackbone(onnxWeights(damage(bytes, random)));
      expect(onnx.length).toBeLessThan(3 * bytes.length + roomForOurs);
      seen.built++;
    } catch (error) {
      const code = error instanceof OverreadError ? error.code : undefined;
      if (code !== 'OVR502' && code !== 'OVR506') throw new Error(`round ${round}`, { cause: error });
      seen[code]++;
    }
  }
  expect(seen.built).toBeGreaterThan(0);
  expect(seen.OVR506).toBeGreaterThan(0);
});

/** A field of a message: its number and the bytes in it. */
const field = (id: number, content: Uint8Array) => {
  const size: number[] = [];
  for (let rest = content.length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      size.push(rest);
      break;
    }
    size.push((rest % 128) + 128);
  }
  return Buffer.concat([Uint8Array.of(id * 8 + 2, ...size), content]);
};

describe('hostile ONNX files', () => {
  const graphField = 7;
  const nested = (depth: number): Uint8Array =>
    depth === 0 ? new Uint8Array() : field(1, field(5, field(6, nested(depth - 1))));

  it.each([
    ['nothing', Buffer.alloc(0), 'OVR502'],
    ['a text', Buffer.from('<html>404 Not Found</html>'), 'OVR502'],
    ['a pickle', Buffer.from('80027d71002e', 'hex'), 'OVR502'],
    ['a length beyond the end', Buffer.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0x07]), 'OVR502'],
    ['groups in groups', Buffer.alloc(100_000, 0x0b), 'OVR502'],
    ['half a million nodes', field(graphField, Buffer.alloc(1_000_000, Buffer.from([0x0a, 0]))), 'OVR502'],
    ['subgraphs in subgraphs', field(graphField, nested(2000)), 'OVR502'],
    [
      'two graphs',
      Buffer.concat([field(graphField, Buffer.alloc(0)), field(graphField, Buffer.alloc(0))]),
      'OVR502',
    ],
    ['an empty graph', field(graphField, Buffer.alloc(0)), 'OVR506'],
  ])('%s', (_name, bytes, code) => {
    expect(() => readClassifier(bytes, 'hostile.onnx')).toThrow(expect.objectContaining({ code }) as Error);
  });
});
