export class LayerPrinter {
  constructor(names: readonly string[], write: (text: string) => void);
  print(name: string, text: string): void;
  end(name: string): void;
}
