/** A project that asks for a blind reading: its folders, a column and its ids name the classes. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { quickModel } from './cli';
import { commandJson } from './inProcess';
import { readySample } from './readyProjects';

export const blindClasses = ['Zebroid', 'Quokkal', 'Numbatic'] as const;

/**
 * Makes it in `root`, with one folder per class, fine-tuned, and `review.blind` on. The column `view` may be seen,
 * the column `note` names the class.
 */
export async function blindProject(root: string, images: number): Promise<void> {
  const source = `${root}-source`;
  await readySample(source, images);
  const files = (await fs.readdir(path.join(source, 'images'))).sort();
  await fs.mkdir(root, { recursive: true });
  const rows = await Promise.all(
    files.map(async (file, i) => {
      const name = blindClasses[i % blindClasses.length] ?? '';
      const image = `images/${name.toLowerCase()}/${file}`;
      await fs.mkdir(path.dirname(path.join(root, image)), { recursive: true });
      await fs.copyFile(path.join(source, 'images', file), path.join(root, image));
      return `${image},patient-of-${name}-${i},${name},${i % 2 === 0 ? 'frontal' : 'lateral'},looks like ${name}`;
    }),
  );
  await fs.writeFile(
    path.join(root, 'samples.csv'),
    ['path,patient,label,view,note', ...rows, ''].join('\n'),
  );
  await fs.writeFile(
    path.join(root, 'overread.yaml'),
    `version: 1
name: readers
dataset: { table: samples.csv, images: ., path: path, group: patient }
labels: { task: multi-class, column: label, classes: [${blindClasses.join(', ')}] }
split: { folds: 2 }
model: { architecture: tf_efficientnet_lite0, weights: 'random:1', device: cpu }
review: { blind: true, blind_columns: [view] }
`,
  );
  await commandJson(['finetune', root, ...quickModel]);
}
