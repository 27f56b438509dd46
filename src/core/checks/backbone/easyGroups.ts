/** What a backbone that works tells apart: how an image was taken, of whom, and the labels themselves. */
import type { Project } from '../../project/project';

/** Two groups of images; -1: in neither. */
export interface EasyGroup {
  /** For people: a column and its value, or a class. */
  readonly name: string;
  readonly of: Int8Array;
}

/** Columns that are seen in nearly every image. */
const easyName =
  /(^|[^a-z])(view|projection|view position|sex|gender|site|scanner|manufacturer|device|modality)([^a-z]|$)/i;
/** Values of such a column, and classes, that are probed each against the rest. */
const mostValues = 6;
const mostLabels = 14;

export function easyGroups({ dataset, labels }: Project): EasyGroup[] {
  const { samples, metadataColumns, findings, task } = dataset;
  const columns = metadataColumns.filter((name) =>
    easyName.test(name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ')),
  );
  const ofColumns = columns.flatMap((column) => {
    const cells = samples.map(({ metadata }) => (metadata[column] ?? '').trim());
    const values = [...new Set(cells.filter((cell) => cell !== ''))].sort();
    if (values.length < 2 || values.length > mostValues) return [];
    const probed = values.length === 2 ? values.slice(0, 1) : values;
    return probed.map((value) => ({
      name: `${column} ${value}`,
      of: Int8Array.from(cells, (cell) => (cell === '' ? -1 : Number(cell === value))),
    }));
  });
  const wanted = findings.flatMap((finding, f) =>
    (task === 'multi-class' ? finding.values : ['1']).map((value) => ({
      name: task === 'multi-class' ? `class ${value}` : finding.name,
      of: Int8Array.from(samples, (_, i) => {
        const said = labels.valueAt(i * findings.length + f);
        return said === null || said === 'uncertain' ? -1 : Number(said === value);
      }),
    })),
  );
  return [...ofColumns, ...wanted.slice(0, mostLabels)];
}
