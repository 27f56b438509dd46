export function checkoutCache(kind: string, root?: string, cache?: string): string;
