/** Samples for windows to open, fine-tuned by the built program once for a layer, then copied. */
import { quickModel, runJson } from './cli';
import { withKeptFeatures } from './keptFeatures';
import { keptSample } from './keptSamples';
import { copyProject, readyProject } from './readyProjects';

/** A sample as `overread sample DIR --images N` draws it. */
export async function drawnSample(root: string, images: 60 | 240): Promise<void> {
  await copyProject(await keptSample(images), root);
}

/** The one of 240 images after `overread finetune DIR`, by the architecture and the weights that it comes with. */
export function trainedSample(root: string): Promise<void> {
  return readyProject('trained', root, async (project) => {
    await drawnSample(project, 240);
    await withKeptFeatures(project, 'window-240', () => runJson(['finetune', project]));
  });
}

/** `overread finetune DIR` by `quickModel` of a project of the images that `drawnSample` drew, whatever is said of them. */
export async function finetuneQuickly(root: string, images: 60 | 240): Promise<void> {
  await withKeptFeatures(root, `quick-${images}`, () => runJson(['finetune', root, ...quickModel]));
}
