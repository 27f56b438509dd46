/** What is typed to choose one of many: as few letters as will do, the ones under the fingers first. */
const letters: readonly string[] = Array.from('asdfjklghqwertyuiopzxcvbnm');

/** One hint for each of so many choices; none is the beginning of another. At most 676. */
export function hintsFor(count: number): readonly string[] {
  if (count <= letters.length) return letters.slice(0, count);
  // Whole rows of two letters take the places of as many single ones as needed, from the end.
  const doubled = Math.ceil((count - letters.length) / (letters.length - 1));
  const single = letters.slice(0, Math.max(0, letters.length - doubled));
  const pairs = letters.slice(single.length).flatMap((first) => letters.map((second) => first + second));
  return [...single, ...pairs].slice(0, count);
}
