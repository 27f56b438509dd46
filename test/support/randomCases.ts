/**
 * How many random cases a test takes: `usual`, or with `OVERREAD_ALL_CASES=1` all, as CI does, and as whoever changes what reads
 * foreign bytes should. The seeds are fixed, so the usual ones are the first of all.
 */
export function randomCases(usual: number, all: number): number {
  return process.env['OVERREAD_ALL_CASES'] === '1' ? all : usual;
}
