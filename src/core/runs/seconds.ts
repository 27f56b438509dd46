/** Milliseconds as seconds with three decimals, as run.json has them. */
export function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
