export function passedFiles(file: string): {
  readonly has: (key: string) => boolean;
  readonly note: (keys: readonly string[]) => void;
};
export function keysAlone(
  folder: string,
  names: readonly string[],
  settings: string,
): ReadonlyMap<string, string>;
export function keysWithImports(
  folder: string,
  names: readonly string[],
  settings: string,
): ReadonlyMap<string, string>;
