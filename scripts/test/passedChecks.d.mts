export function fingerprint(folder: string, reads: RegExp): string | undefined;
export function passedChecks(file: string): {
  readonly when: (print: string) => string | undefined;
  readonly note: (print: string) => void;
};
