/** Samples as the built program makes them, for windows to open: drawn and fine-tuned once for a layer, then copied. */
import { runJson } from './cli';
import { readyProject } from './readyProjects';

/** A sample as `overread sample DIR --images N` draws it. */
export function drawnSample(root: string, images: 60 | 240): Promise<void> {
  return readyProject(`drawn-${String(images)}`, root, async (project) => {
    await runJson(['sample', project, '--images', String(images)]);
  });
}

/** The one of 240 images after `overread finetune DIR`, by the architecture and the weights that it comes with. */
export function trainedSample(root: string): Promise<void> {
  return readyProject('trained', root, async (project) => {
    await drawnSample(project, 240);
    await runJson(['finetune', project]);
  });
}
