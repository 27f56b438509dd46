/** How a part of a layer is run alone. */
export interface Alone {
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export function fileAlone(layer: string): (file: string) => Alone;
export function suiteAlone(suite: string): Alone;
