/** A project of many classes with long names that differ at their end, read by three readers who do not always agree. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { drawnSample } from './windowProjects';

export const longClass = (n: number): string => `Pneumonia_of_the_left_lower_lobe_grade_${String(n)}`;

/** Every which image is disputed. */
const disputedEvery = 12;

/** How many of its images are. */
export const disputedImages = 20;

/** Makes the project in `root`, of 240 images, not fine-tuned. @param classes 2 to 120 */
export async function makeManyClasses(root: string, classes: number): Promise<void> {
  await drawnSample(root, 240);
  const files = (await fs.readdir(path.join(root, 'images'))).sort();
  const rows = files.flatMap((file, i) =>
    ['Reader-A', 'Reader-B', 'Reader-C'].map((reader, k) => {
      const differs = k === 2 && i % disputedEvery === 0;
      return `images/${file},${longClass(((i + (differs ? 1 : 0)) % classes) + 1)},${reader}`;
    }),
  );
  await fs.writeFile(path.join(root, 'readers.csv'), ['path,label,rad_id', ...rows, ''].join('\n'));
  const names = Array.from({ length: classes }, (_, n) => longClass(n + 1)).join(', ');
  await fs.writeFile(
    path.join(root, 'overread.yaml'),
    `version: 1
name: ${String(classes)} classes
dataset: { table: readers.csv, images: ., path: path }
labels: { classes: [${names}], rows: readings, reader: rad_id }
split: { folds: 2 }
model: { architecture: tf_efficientnet_lite0, weights: 'random:1', device: cpu }
review: { splits: [train, validation, test] }
`,
  );
}
