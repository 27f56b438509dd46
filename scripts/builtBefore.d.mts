export function builtBefore(
  outdir: string,
  settings: string,
  root?: string,
  cache?: string,
): { readonly isSame: () => boolean; readonly note: () => void };
