/** The synthetic sample with the 14 findings of ChestX-ray14: some told by the pictures, most by chance, two of them rare. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { SplitMix32 } from '../../src/core/base/random';
import { runJson } from './cli';

/** Share of the images with an opacity, and of those without one, that have a finding. */
const shares: Readonly<Record<string, readonly [number, number]>> = {
  Atelectasis: [0.45, 0.06],
  Cardiomegaly: [0.2, 0.15],
  Consolidation: [0.8, 0.03],
  Edema: [0.3, 0.1],
  Effusion: [0.6, 0.08],
  Emphysema: [0.12, 0.14],
  Fibrosis: [0.02, 0.015],
  Hernia: [0.01, 0.01],
  Infiltration: [0.7, 0.15],
  Mass: [0.25, 0.05],
  Nodule: [0.3, 0.12],
  Pleural_Thickening: [0.2, 0.1],
  Pneumonia: [0.9, 0.02],
  Pneumothorax: [0.15, 0.1],
};

/** Makes the project in `root`, not fine-tuned, of a sample that `draw` makes; the pictures lie beside it. */
export async function makeFourteenFindings(
  root: string,
  draw: (folder: string) => Promise<unknown>,
): Promise<void> {
  const source = `${root}-pictures`;
  await draw(source);
  const text = await fs.readFile(path.join(source, 'samples.csv'), 'utf8');
  const [header = '', ...rows] = text.trim().split('\n');
  const columns = header.split(',');
  const random = new SplitMix32(14);
  const lines = rows.map((row) => {
    const cells = row.split(',');
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
    const of = cell('label') === 'Opacity' ? 0 : 1;
    const given = Object.values(shares).map((share) => (random.uniform() < share[of] ? '1' : '0'));
    return [cell('path'), cell('patient_id'), cell('view'), ...given].join(',');
  });
  const names = Object.keys(shares);
  await fs.writeFile(
    path.join(source, 'findings.csv'),
    [['path', 'patient', 'view', ...names].join(','), ...lines, ''].join('\n'),
  );
  await runJson(['init', root, '--csv', path.join(source, 'findings.csv')]);
}
