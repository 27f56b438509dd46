import { expect, it } from 'vitest';
import { parseHead, serialiseHead } from '../../../src/core/training/head';
import type { Head } from '../../../src/core/training/model';
import { writeSafetensors } from '../../../src/core/weights/stateDict/safetensors';

const head: Head = {
  task: 'multi-label',
  outputs: ['Effusion', 'Nodule "ü"'],
  dim: 3,
  weights: Float32Array.of(1, -2.5, 3, 1e-20, 0, 7),
  bias: Float32Array.of(0.25, -1),
  calibration: { kind: 'platt', slope: [1.5, 1], intercept: [-0.25, 0] },
  thresholds: [0.31, 0.5],
};

it('comes back as it was written', () => {
  expect(parseHead(serialiseHead(head))).toEqual(head);
  const multiClass: Head = {
    ...head,
    task: 'multi-class',
    calibration: { kind: 'temperature', temperature: 1.25 },
    thresholds: [],
  };
  expect(parseHead(serialiseHead(multiClass))).toEqual(multiClass);
});

it('is refused when its parts do not fit together', () => {
  const bytes = (metadata: Record<string, string>, outputs = 2) =>
    writeSafetensors(
      new Map([
        ['weight', { shape: [outputs, 3], data: new Float32Array(outputs * 3) }],
        ['bias', { shape: [outputs], data: new Float32Array(outputs) }],
      ]),
      metadata,
    );
  const good = {
    format: 'overread-head-1',
    task: 'multi-label',
    outputs: '["a","b"]',
    calibration: '{"kind":"platt","slope":[1,1],"intercept":[0,0]}',
    thresholds: '[0.5,0.5]',
  };
  expect(parseHead(bytes(good)).outputs).toEqual(['a', 'b']);
  const refused = [
    bytes({}),
    bytes({ ...good, format: 'overread-head-9' }),
    bytes({ ...good, task: 'regression' }),
    bytes({ ...good, outputs: '["a"]' }),
    bytes({ ...good, outputs: 'a,b' }),
    bytes({ ...good, calibration: '{"kind":"platt","slope":[1],"intercept":[0]}' }),
    bytes({ ...good, calibration: '{"kind":"temperature","temperature":0}' }),
    bytes({ ...good, thresholds: '[0.5]' }),
    bytes({ ...good, thresholds: '[0.5,null]' }),
    bytes(good, 3),
  ];
  for (const broken of refused) expect(() => parseHead(broken)).toThrow(/head\.safetensors cannot be used/);
});
