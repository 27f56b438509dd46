/** Faults of single rows, counted all and listed up to a limit, so that a broken table does not drown its cause. */
import { OverreadError, type ErrorCode, type ErrorDetails } from '../base/errors';
import type { Problem } from '../base/report';

/** How many faults of one code are listed one by one. */
const listedPerCode = 100;

/** Collects problems. Beyond 100 of one code and severity it only counts, and says so at the end. */
export class ProblemList {
  private readonly listed: Problem[] = [];
  private readonly counts = new Map<string, { readonly problem: Problem; count: number }>();

  /** Adds one fault; `details` is a function where making the text costs something. */
  add(severity: Problem['severity'], code: ErrorCode, details: () => Omit<ErrorDetails, 'code'>): void {
    const key = `${severity} ${code}`;
    const known = this.counts.get(key);
    if (known && known.count >= listedPerCode) {
      known.count++;
      return;
    }
    const problem: Problem = { ...new OverreadError({ code, ...details() }).toJSON(), severity };
    this.listed.push(problem);
    if (known) known.count++;
    else this.counts.set(key, { problem, count: 1 });
  }

  /** Number of faults of a code, the unlisted ones too. */
  count(code: ErrorCode): number {
    let sum = 0;
    for (const { problem, count } of this.counts.values()) if (problem.code === code) sum += count;
    return sum;
  }

  /** The listed problems in the order they were found, then one line for each code that has more. */
  get problems(): Problem[] {
    const more = [...this.counts.values()].filter(({ count }) => count > listedPerCode);
    return [
      ...this.listed,
      ...more.map(({ problem, count }): Problem => ({
        code: problem.code,
        severity: problem.severity,
        message: `${count - listedPerCode} more faults of this kind are not listed (${count} in all)`,
        ...(problem.place?.file === undefined ? {} : { place: { file: problem.place.file } }),
      })),
    ];
  }
}
