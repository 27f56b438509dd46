/** Samples for windows to open, fine-tuned by the built program once for a layer, then copied. */
import { runJson } from './cli';
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
    await runJson(['finetune', project]);
  });
}
