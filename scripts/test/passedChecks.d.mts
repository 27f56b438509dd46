export function fingerprint(folder: string, reads: RegExp): string | undefined;
export function programs(folder: string): string;
export function passedChecks(file: string): {
  readonly when: (print: string) => string | undefined;
  readonly note: (print: string) => void;
};
