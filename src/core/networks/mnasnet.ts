/**
 * MNASNet-B1 (Tan et al.: MnasNet: platform-aware neural architecture search for mobile, CVPR 2019), width 1.0: the
 * searched network without squeeze-and-excitation.
 */
import type { Architecture } from './architecture';
import { timmPreprocessing, timmWeights } from './imagenet';
import { headBlock, stageBlocks, stemBlock, type Layers, type MobileStyle } from './invertedResidual';

const style: MobileStyle = { epsilon: 1e-5, padding: 'symmetric', activation: 'relu' };

const stages: readonly Layers[] = [
  { repeats: 1, kernel: 3, stride: 1, expand: 1, out: 16 },
  { repeats: 3, kernel: 3, stride: 2, expand: 3, out: 24 },
  { repeats: 3, kernel: 5, stride: 2, expand: 3, out: 40 },
  { repeats: 3, kernel: 5, stride: 2, expand: 6, out: 80 },
  { repeats: 2, kernel: 3, stride: 1, expand: 6, out: 96 },
  { repeats: 4, kernel: 5, stride: 2, expand: 6, out: 192 },
  { repeats: 1, kernel: 3, stride: 1, expand: 6, out: 320 },
];

const preprocessing = timmPreprocessing();

export const mnasnet100: Architecture = {
  name: 'mnasnet_100',
  title: 'MNASNet 1.0',
  family: 'MNASNet',
  reference: 'timm',
  featureSize: 1280,
  classes: 1000,
  classifier: 'classifier',
  initialisation: 'tensorflow-fan-out',
  preprocessing,
  weights: [timmWeights('mnasnet_100', 'rmsp_in1k', preprocessing)],
  blocks: [
    stemBlock(style, 32),
    ...stageBlocks(
      style,
      stages.map((stage) => [stage]),
    ),
    headBlock(style, 1280),
  ],
  pool: (network, map) => network.globalAveragePool(map),
  pooling: 'linear',
};
