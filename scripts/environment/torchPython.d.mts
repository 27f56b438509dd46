export const torchConstraints: string;
export function readyTorchPython(cache: string): string | undefined;
export function torchPython(cache: string, say: (text: string) => void): Promise<string>;
