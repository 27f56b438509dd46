/** The elements of a file as a person reads them. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDicomHeader } from '../../../src/core/dicom/header';
import { listTags, readTagDictionary } from '../../../src/core/dicom/tagList';
import { writeDicom, type ElementValue } from '../../support/dicomFile';

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-tags-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

async function listed(more: readonly ElementValue[]) {
  const file = path.join(folder, `${Math.random()}.dcm`);
  await fs.writeFile(file, writeDicom({ width: 2, height: 2, pixels: new Uint8Array(4), more }));
  const header = await readDicomHeader(file);
  return listTags(header.dataSet, header.textsIn, readTagDictionary(path.resolve('dist')));
}

describe('the list of elements', () => {
  it('has numbers in order, keywords, and values by their representation', async () => {
    const { tags, whole } = await listed([
      { tag: '00100010', vr: 'PN', value: 'Muster^Erika' },
      { tag: '00181164', vr: 'DS', value: '0.14\\0.14' },
      { tag: '00189305', vr: 'FD', value: [1.5, 2.25] },
      { tag: '00280030', vr: 'DS', value: '' },
      { tag: '00711001', vr: 'LO', value: 'private' },
      { tag: '00711002', vr: 'OB', value: new Uint8Array(6) },
    ]);
    const of = (tag: string) => tags.find((one) => one.tag === tag);
    expect(whole).toBe(true);
    expect(of('0010,0010')).toEqual({
      tag: '0010,0010',
      keyword: 'PatientName',
      vr: 'PN',
      value: 'Muster^Erika',
      depth: 0,
    });
    expect(of('0018,1164')?.value).toBe('0.14\\0.14');
    expect(of('0018,9305')).toMatchObject({ keyword: 'RevolutionTime', value: '1.5\\2.25' });
    expect(of('0028,0010')).toMatchObject({ keyword: 'Rows', value: '2' });
    expect(of('0028,0030')?.value).toBe('');
    expect(of('0071,1001')).toMatchObject({ keyword: '', value: 'private' });
    expect(of('0071,1002')?.value).toBe('6 bytes');
    expect(tags.map(({ tag }) => tag)).toEqual([...tags.map(({ tag }) => tag)].sort());
  });

  it('has the items of sequences below them, in the character set of the file', async () => {
    const { tags } = await listed([
      { tag: '00080005', vr: 'CS', value: 'ISO_IR 192' },
      {
        tag: '00400275',
        vr: 'SQ',
        value: [[{ tag: '00400007', vr: 'LO', value: Buffer.from('Röntgen ', 'utf8') }], []],
      },
    ]);
    const at = tags.findIndex(({ tag }) => tag === '0040,0275');
    expect(tags[at]).toMatchObject({ keyword: 'RequestAttributesSequence', value: '2 items', depth: 0 });
    expect(tags[at + 1]).toMatchObject({ value: 'Röntgen', depth: 1 });
  });

  it('ends values and lists that are too long to be read', async () => {
    const { tags } = await listed([{ tag: '00204000', vr: 'UT', value: 'x'.repeat(5000) }]);
    expect(tags.find(({ tag }) => tag === '0020,4000')?.value).toHaveLength(1001);
    const many = Array.from({ length: 5200 }, (_, i): ElementValue => ({
      tag: `0073${(i + 0x1000).toString(16).padStart(4, '0')}`,
      vr: 'SH',
      value: 'v',
    }));
    const long = await listed(many);
    expect([long.whole, long.tags.length]).toEqual([false, 5000]);
  });
});
