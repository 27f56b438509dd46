/** What the weights of a file were trained on: only the project can say it. */

/** For run.json. @param declared undefined: nothing is declared; empty: nothing that matters here */
export function describeTraining(declared: readonly string[] | undefined): string {
  if (declared === undefined) return 'not declared';
  return declared.length === 0 ? 'nothing that matters here, as declared' : declared.join(', ');
}
