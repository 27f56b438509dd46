import { describe, expect, it } from 'vitest';
import { tailsOf } from '../../webview-ui/grid/tiles/nameTails';

/** Names as a narrow tile cuts them. */
function cut(names: readonly string[]): string[] {
  const tails = tailsOf(names);
  return names.map((name) => {
    const tail = tails.get(name) ?? 7;
    return tail === 0 ? `${name.slice(0, 4)}…` : `${name.slice(0, 1)}…${name.slice(-tail)}`;
  });
}

describe('names that are cut', () => {
  it('keep their usual end where no other has it', () => {
    const names = ['Squamous cell carcinoma', 'Basal cell naevus', 'Enlarged cardiomediastinum', ''];
    expect(tailsOf(names)).toEqual(new Map());
  });

  it('are cut at their end where the end is another’s and the beginning is not', () => {
    expect(cut(['Viral pneumonia', 'Bacterial pneumonia', 'Lung opacity, left'])).toEqual([
      'Vira…',
      'Bact…',
      'L…y, left',
    ]);
  });

  it('keep more of their end where beginning and end are another’s', () => {
    expect(cut(['Mycoplasma pneumonia', 'Mycobacterial pneumonia'])).toEqual([
      'M…ma pneumonia',
      'M…al pneumonia',
    ]);
  });

  it('look alike nowhere among names that share both ways', () => {
    const names = ['left', 'right'].flatMap((side) =>
      ['upper', 'lower', 'mid'].flatMap((lobe) => [`Opacity, ${lobe} ${side}`, `Mass, ${lobe} ${side}`]),
    );
    expect(new Set(cut(names)).size).toBe(names.length);
    expect(new Set(cut([...names, ...names])).size).toBe(names.length);
  });

  it('count letters, not what they are stored as', () => {
    expect(tailsOf(['𝛼bcde pneumonia', '𝛼bcdf pneumonia'])).toEqual(
      new Map([
        ['𝛼bcde pneumonia', 12],
        ['𝛼bcdf pneumonia', 12],
      ]),
    );
  });
});
