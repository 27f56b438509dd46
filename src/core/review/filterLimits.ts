/** What a filter may take of the machine: time, memory, threads, and nothing outside its tables. */
import { type MemoryDatabase, quoteLiteral } from '../base/duckdb';
import { OverreadError } from '../base/errors';

export interface FilterLimits {
  /** A filter that runs longer is interrupted. */
  readonly timeoutMs: number;
  /** DuckDB's own notation. */
  readonly memory: string;
  readonly threads: number;
}

export const filterLimits: FilterLimits = { timeoutMs: 10_000, memory: '2GB', threads: 4 };

/** What a filter is told that was stopped at its limit. */
export function stopped({ timeoutMs }: FilterLimits, cause?: unknown): OverreadError {
  return new OverreadError({
    code: 'OVR901',
    message: `The filter was stopped after ${timeoutMs / 1000} s`,
    fix: 'Make it simpler: few wildcards (%) in one pattern, short patterns before long ones',
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Shuts a database for users' text. Tables are loaded through appenders, so this comes before the first row.
 * @param database an empty one
 */
export async function lockDatabase({ connection }: MemoryDatabase, limits: FilterLimits): Promise<void> {
  for (const statement of [
    `SET memory_limit = ${quoteLiteral(limits.memory)}`,
    `SET threads = ${limits.threads}`,
    "SET temp_directory = ''",
    'SET enable_external_access = false',
    'SET allow_community_extensions = false',
    'SET lock_configuration = true',
  ]) {
    await connection.run(statement);
  }
}

/** Calls back once when the time is over, unless it is cleared before. */
export class Deadline {
  passed = false;
  private readonly timer: NodeJS.Timeout;

  constructor(ms: number, onPassed: () => void) {
    this.timer = setTimeout(() => {
      this.passed = true;
      onPassed();
    }, ms);
  }

  clear(): void {
    clearTimeout(this.timer);
  }
}
