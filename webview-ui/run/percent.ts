/** Percentages as they are typed and told. */

/** A share above 0 and below 1 of what was typed in percent, with a point or a comma; undefined for anything else. */
export function shareOf(text: string): number | undefined {
  const share = Number(text.replace(',', '.')) / 100;
  return share > 0 && share < 1 ? share : undefined;
}

/** `97.5 %`: as many places as it has, three at most. */
export function plainPercent(share: number): string {
  return `${String(Number((100 * share).toFixed(3)))} %`;
}
