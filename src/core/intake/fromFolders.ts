/** A project from a folder per class: a table of the images is made, since folders hold no patients and no splits. */
import type { WorkOptions } from '../base/ports';
import type { TextTable } from '../table/table';
import { findClassImages, type ClassPlace, type FoundImage } from './classFolders';
import { factsOf } from './columnFacts';
import { guessColumns, type ColumnChoices } from './guessColumns';
import { columnSettings } from './settings';
import { relativeTo, textOf, type Source } from './source';

export type FolderOptions = WorkOptions & ColumnChoices & ClassPlace;

/**
 * @param root of the project, absolute, as is the folder of images
 * @throws OverreadError OVR104, see `findClassImages`
 */
export async function sourceFromFolders(
  root: string,
  folder: string,
  options: FolderOptions,
): Promise<Source> {
  const { images, because, problems } = await findClassImages(folder, options);
  const divided = images.some(({ split }) => split !== null);
  const table = tableOfImages(images, divided);
  const guesses = guessColumns(factsOf(table), {
    ...options,
    path: 'path',
    label: 'label',
    split: divided ? 'split' : null,
  });
  const labels = [...new Set(images.map(({ label }) => label))];
  const inNames = options.classPattern !== undefined;
  return {
    draft: [
      { setting: 'dataset.table', value: 'samples.csv', because: 'written from the folder' },
      { setting: 'dataset.images', value: relativeTo(root, folder), because: 'the folder that was named' },
      ...columnSettings({
        ...guesses,
        path: { value: 'path', because: 'relative to the folder' },
        split: divided
          ? { value: 'split', because: 'the parts have folders' }
          : { value: null, because: 'no folder is called like a part: Overread makes one by patient' },
      }),
      {
        setting: 'labels.task',
        value: 'multi-class',
        because: inNames ? 'a name holds one class' : 'a folder is a class',
      },
      {
        setting: 'labels.column',
        value: 'label',
        because: `the name of the ${inNames ? 'image' : 'folder'}`,
      },
      { setting: 'labels.classes', value: labels, because },
    ],
    table,
    tableText: textOf(table),
    problems,
  };
}

function tableOfImages(images: readonly FoundImage[], divided: boolean): TextTable {
  return {
    file: 'samples.csv',
    names: ['path', 'label', ...(divided ? ['split'] : [])],
    columns: [
      images.map((image) => image.path),
      images.map((image) => image.label),
      ...(divided ? [images.map((image) => image.split)] : []),
    ],
    rowCount: images.length,
    lineOf: (row) => row + 2,
    rejected: [],
  };
}
