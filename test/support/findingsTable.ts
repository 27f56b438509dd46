/** The phantoms with two findings in CheXpert's manner: 1, 0, -1 and blank. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';

/** Writes `findings.csv` beside the table of a sample project, over the same images; gives its path. */
export async function writeFindingsTable(source: string): Promise<string> {
  const text = await fs.readFile(path.join(source, 'samples.csv'), 'utf8');
  const [header, ...rows] = text.trim().split('\n');
  const column = (name: string): number => header!.split(',').indexOf(name);
  const lines = rows.map((row, i) => {
    const cells = row.split(',');
    const opacity = cells[column('label')] === 'Opacity' ? '1.0' : i % 3 === 0 ? '' : '0.0';
    const support = i % 7 === 0 ? '-1.0' : i % 2 === 0 ? '1.0' : '';
    return [cells[column('path')], cells[column('patient_id')], opacity, support].join(',');
  });
  const csv = path.join(source, 'findings.csv');
  await fs.writeFile(csv, ['Path,patient,Opacity,Support Devices', ...lines, ''].join('\n'));
  return csv;
}
