/** Numbers of a report as people read them. */

/** `2.5 %` */
export function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.01 ? 2 : 1)} %`;
}
