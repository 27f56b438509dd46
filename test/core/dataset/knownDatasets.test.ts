import { describe, expect, it } from 'vitest';
import { findOverlaps } from '../../../src/core/dataset/knownDatasets';
import type { Sample } from '../../../src/core/dataset/model';

function samplesAt(paths: readonly string[]): Sample[] {
  return paths.map((path, i) => ({
    id: path,
    path,
    row: i + 2,
    group: path,
    study: null,
    given: ['a'],
    givenSplit: null,
    metadata: {},
  }));
}

const names = ['chest', 'samples.csv', 'images'];
const overlapsOf = (declared: string, paths: readonly string[], project = names) =>
  findOverlaps([declared], project, samplesAt(paths)).map(({ dataset, samples }) => [dataset, samples]);

describe('images are known by their names', () => {
  it.each([
    ['NIH ChestX-ray14', 'images_001/images/00000013_005.png'],
    ['nih', '00000013_005.jpg'],
    ['CheXpert', 'CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg'],
    ['chex', 'train/patient64540/study1/view2_lateral.png'],
    ['MIMIC-CXR', 'files/p10/p10000032/s50414267/02aa804e-bde0afdd-112c0b34-7bc16630-4e384014.dcm'],
    ['mimic_ch', '02aa804e-bde0afdd-112c0b34-7bc16630-4e384014.jpg'],
    ['PadChest', '216840111366964012283393834152009043102258826_00-019-053.png'],
    ['VinDr-CXR', 'train/50a418190bc3fb1ef1633bf9678929b3.dicom'],
    ['openi', 'CXR1_1_IM-0001-3001.png'],
    ['RSNA', 'stage_2_train_images/0004cfab-14fd-4e49-80ba-63a80b6bddd6.dcm'],
    ['JSRT', 'JPCLN001.png'],
    ['ISIC 2019', 'ISIC_0024306.jpg'],
    ['HAM10000', 'HAM10000_images_part_1/ISIC_0034320.jpg'],
    ['EyePACS', '10_left.jpeg'],
    ['Kermany OCT', 'train/CNV/CNV-1016042-1.jpeg'],
    ['MURA', 'XR_WRIST/patient00006/study1_positive/image1.png'],
  ])('%s: %s', (declared, image) => {
    const found = overlapsOf(declared, [image, 'hospital/a-0001.png', 'x.jpg']);
    expect(found[0]![1]).toBe(1);
  });

  it.each([
    // COVID-19 collections have upper-case UUIDs, other hospitals numbers of their own.
    ['RSNA', '01E392EE-69F9-4E33-BFCE-E5C968654078.jpg'],
    ['NIH', '0000013_05.png'],
    ['NIH', '120000013_0051.png'],
    ['PadChest', 'pcr/upc-1.png'],
    ['NIH', 'zunih/1.png'],
    ['HAM10000', 'ISIC_0034321.jpg'],
    ['CheXpert', 'patient00006/study1_positive/image1.png'],
  ])('not %s: %s', (declared, image) => {
    expect(overlapsOf(declared, [image])).toEqual([]);
  });
});

it('data sets that share images are looked for, too', () => {
  const rsna = '0004cfab-14fd-4e49-80ba-63a80b6bddd6.dcm';
  expect(overlapsOf('nih', [rsna])).toEqual([['RSNA Pneumonia Detection Challenge', 1]]);
  expect(overlapsOf('RSNA', ['00000013_005.png'])).toEqual([['NIH ChestX-ray14', 1]]);
  expect(overlapsOf('CheXpert', ['00000013_005.png', rsna])).toEqual([]);
});

it('folders and the project itself tell, also of data sets that nobody knows', () => {
  expect(overlapsOf('Hospital North 2019', ['hospital-north-2019/1.png', 'south/2.png'])).toEqual([
    ['Hospital North 2019', 1],
  ]);
  expect(overlapsOf('padchest', ['1.png', '2.png'], ['x', 'padchest_labels.csv'])).toEqual([['PadChest', 2]]);
  expect(overlapsOf('vindr', ['1.png'], ['lungs', 'samples.csv', 'data/VinDr-CXR/png'])).toEqual([
    ['VinDr-CXR', 1],
  ]);
});

it('says why', () => {
  const [overlap] = findOverlaps(['NIH'], names, samplesAt(['a.png', 'b/00000013_005.png']));
  expect(overlap).toEqual({
    declared: 'NIH',
    dataset: 'NIH ChestX-ray14',
    samples: 1,
    because: 'names like 00000013_005.png',
  });
});
