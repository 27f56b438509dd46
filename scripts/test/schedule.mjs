// Which layers run side by side: as many as keep the cores busy, and no more than that, since layers wait for programs,
// windows and locks with limits of their own.

/**
 * Runs every layer once, each as soon as it may: after those that it names, apart from those of its place, and with no more
 * work under way than the cores do. A layer that is wider than the machine runs alone. Earlier ones come first; a later one
 * goes before where there is room for it and for no earlier one.
 * @param layers `{ name, cores, after, place? }`; what is named in `after` and is no layer of this run counts as done
 * @param run starts one; its promise ends with the layer and never rejects
 */
export async function runSideBySide(layers, cores, run) {
  const names = new Set(layers.map(({ name }) => name));
  const ended = new Set();
  const waiting = [...layers];
  const running = new Map();
  const mayStart = (layer) => {
    if (layer.after.some((name) => names.has(name) && !ended.has(name))) return false;
    const others = [...running.keys()];
    if (layer.place !== undefined && others.some(({ place }) => place === layer.place)) return false;
    return others.length === 0 || others.reduce((sum, other) => sum + other.cores, layer.cores) <= cores;
  };
  while (waiting.length > 0) {
    for (const layer of [...waiting]) {
      if (!mayStart(layer)) continue;
      waiting.splice(waiting.indexOf(layer), 1);
      const end = run(layer).then(() => {
        running.delete(layer);
        ended.add(layer.name);
      });
      running.set(layer, end);
    }
    if (running.size === 0)
      throw new Error(`These layers wait for each other: ${waiting.map(({ name }) => name)}`);
    await Promise.race(running.values());
  }
  await Promise.all(running.values());
}
