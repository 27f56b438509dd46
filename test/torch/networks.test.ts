/**
 * A network that PyTorch has trained returns through our own graph builder: `model.onnx` gives PyTorch's probabilities
 * on the images that it has not seen. The weights are those of the golden values, in which every BatchNorm does something.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject, type Project } from '../../src/core/project/project';
import { exportModel } from '../../src/core/runs/exportModel';
import { findWholeRun } from '../../src/core/runs/wholeRun';
import { writeSafetensors } from '../../src/core/weights/stateDict/safetensors';
import { drawGoldenWeights, readArchitectureGolden } from '../core/networks/golden';
import { quickDeep, workplace, type Workplace } from './training';
import { warmPython } from './warmPython';

let place: Workplace;
let project: Project;

beforeAll(async () => {
  place = await workplace(12);
  project = await openProject(place.root);
});
afterAll(() => place.remove());

describe('model.onnx of a network that was fine-tuned', () => {
  it.each(['densenet121', 'resnet18', 'inception_v3', 'efficientnet_b0', 'alexnet', 'corodet'])(
    'equals PyTorch to 1e-5: %s',
    async (architecture) => {
      const weights = path.join(place.root, `${architecture}.safetensors`);
      const state = drawGoldenWeights(architecture, readArchitectureGolden(architecture).seed);
      await fs.writeFile(weights, writeSafetensors(state));
      const made = await place.train(architecture, {
        architecture,
        weights,
        layers: 'last-block',
        python: await warmPython(),
        // Without AdamW's two numbers beside each of AlexNet's 57 million.
        deep: { ...quickDeep, epochs: 1, batch: 4, optimizer: 'sgd', learning_rate: 1e-3 },
      });
      const run = await findWholeRun(place.root, architecture, project.dataset, () => undefined);
      expect(run.record.network?.weights.source).toBe('run');
      const trained = await fs.stat(path.join(made.dir, 'weights.safetensors'));
      expect(trained.size).toBeGreaterThan(100_000);
      const exported = await exportModel(project, run, { ...place.options, check: 100 });
      expect(exported.checked).toBeGreaterThan(2);
      expect(exported.largestDifference).toBeLessThan(1e-5);
    },
  );
});
