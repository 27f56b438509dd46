export interface Scheduled {
  readonly name: string;
  /** How many cores it keeps busy. */
  readonly cores: number;
  readonly after: readonly string[];
  /** What it shares with others that must not run beside it. */
  readonly place?: string;
}

export function runSideBySide<Layer extends Scheduled>(
  layers: readonly Layer[],
  cores: number,
  run: (layer: Layer) => Promise<unknown>,
): Promise<void>;
