/** Neighbours against a plain cosine over standardised features in float64, and the images of a patient in order. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { Neighbours } from '../../../src/core/review/neighbours';
import { samePatient } from '../../../src/core/review/samePatient';
import { multiClass, sample } from '../labels/builders';

/** Row by row, as numpy would. */
function plain(rows: readonly (readonly number[])[], present: readonly number[]) {
  const used = rows.filter((_, i) => present[i] === 1);
  const mean = rows[0]!.map((_, j) => used.reduce((sum, row) => sum + row[j]!, 0) / used.length);
  const sd = mean.map((m, j) =>
    Math.sqrt(used.reduce((sum, row) => sum + (row[j]! - m) ** 2, 0) / used.length),
  );
  const z = rows.map((row) => row.map((x, j) => (sd[j]! > 0 ? (x - mean[j]!) / sd[j]! : 0)));
  return (a: number, b: number): number => {
    const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, v, j) => sum + v * y[j]!, 0);
    return dot(z[a]!, z[b]!) / Math.sqrt(dot(z[a]!, z[a]!) * dot(z[b]!, z[b]!));
  };
}

const random = new SplitMix32(3);
const [count, dim] = [60, 23];
const rows = Array.from({ length: count }, () =>
  // One feature is constant, one has a mean a million times its spread.
  Array.from({ length: dim }, (_, j) => (j === 4 ? 7 : random.normal() + (j === 5 ? 1e4 : j))),
);
const present = rows.map((_, i) => (i % 13 === 12 ? 0 : 1));
const make = () => new Neighbours(Float32Array.from(rows.flat()), dim, Uint8Array.from(present));

describe('Neighbours', () => {
  it('are those of a plain cosine over standardised features', async () => {
    const cosine = plain(
      rows.map((row) => [...Float32Array.from(row)]),
      present,
    );
    const neighbours = make();
    for (let row = 0; row < count; row++) {
      if (present[row] === 0) continue;
      const others = [...rows.keys()].filter((other) => other !== row && present[other] === 1);
      const wanted = others.sort((a, b) => cosine(row, b) - cosine(row, a)).slice(0, 9);
      expect([...(await neighbours.nearest([row], 10))]).toEqual([row, ...wanted]);
    }
  });

  it('of several are the nearest to any of them, who come first', async () => {
    const cosine = plain(
      rows.map((row) => [...Float32Array.from(row)]),
      present,
    );
    const asked = [7, 3, 20];
    const best = (row: number) => Math.max(...asked.map((one) => cosine(one, row)));
    const wanted = [...rows.keys()]
      .filter((row) => present[row] === 1 && !asked.includes(row))
      .sort((a, b) => best(b) - best(a));
    expect([...(await make().nearest(asked, 20))]).toEqual([...asked, ...wanted.slice(0, 17)]);
  });

  it('leave out images without features, which have none themselves', async () => {
    expect([...(await make().nearest([12], 10))]).toEqual([12]);
    expect([...(await make().nearest([0], count))]).not.toContain(25);
  });
});

describe('samePatient', () => {
  const of = (times: readonly string[], column = 'StudyDate') => {
    const samples = times.map((time, i) =>
      sample(`s${i}`, ['a'], {
        group: i < 4 ? 'P1' : 'P2',
        path: `x${10 - i}.png`,
        metadata: { [column]: time },
      }),
    );
    return { ...multiClass(samples, ['a', 'b']), metadataColumns: [column] };
  };

  it.each([
    ['days as DICOM writes them', ['20240301', '20240102', '20240201', '20231231', '20240101'], 'StudyDate'],
    [
      'days in words of a standard',
      ['2024-03-01', '2024-01-02', '2024-02-01', '2023-12-31', '2024-01-01'],
      'taken',
    ],
    ['numbers of visits', ['12', '2', '3', '1', '1'], 'Follow-up #'],
  ])('are in the order of time: %s', (_, times, column) => {
    expect(samePatient(of(times, column), [0])).toEqual([3, 1, 2, 0]);
  });

  it('are in the order of names where there is no time of each, numbers as numbers', () => {
    expect(samePatient(of(['', '20240102', '20240201', '20231231', '']), [2])).toEqual([3, 2, 1, 0]);
    expect(samePatient(of(['PA', 'PA', 'AP', 'PA', 'PA'], 'view'), [1])).toEqual([3, 2, 1, 0]);
  });

  it('come patient by patient where several are asked for', () => {
    expect(samePatient(of(['1', '2', '3', '4', '5'], 'visit'), [4, 1])).toEqual([4, 0, 1, 2, 3]);
  });
});
