// What layers that run side by side print, one layer after the other: that of the first as it comes, that of the others once
// it is their turn.

/** @param names of the layers, in the order in which they are shown; `write` takes text */
export class LayerPrinter {
  constructor(names, write) {
    this.write = write;
    this.waiting = names.map((name) => ({ name, text: '', hasEnded: false }));
  }

  print(name, text) {
    if (this.waiting[0]?.name === name) this.write(text);
    else {
      const layer = this.of(name);
      if (layer) layer.text += text;
    }
  }

  /** The layer prints nothing more. */
  end(name) {
    this.of(name).hasEnded = true;
    while (this.waiting[0]?.hasEnded) {
      this.waiting.shift();
      if (this.waiting[0]) this.write(this.waiting[0].text);
    }
  }

  of(name) {
    return this.waiting.find((one) => one.name === name);
  }
}
