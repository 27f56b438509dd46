export function moduleCache(
  root?: string,
  caches?: string,
): { readonly fsModuleCache: true; readonly fsModuleCachePath: string };
