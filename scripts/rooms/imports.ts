/** Which room of src/core imports which, read from the import statements. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';

/** The rooms that each room imports. */
export type Imports = ReadonlyMap<string, ReadonlySet<string>>;

export function readImports(core: string): Imports {
  const rooms = readdirSync(core).filter((name) => statSync(path.join(core, name)).isDirectory());
  return new Map(
    rooms.map((room) => {
      const files = readdirSync(path.join(core, room), { recursive: true, encoding: 'utf8' });
      const named = files
        .filter((file) => file.endsWith('.ts'))
        .flatMap((file) => roomsNamedIn(core, path.join(core, room, file)));
      return [room, new Set(named.filter((other) => other !== room && rooms.includes(other)))];
    }),
  );
}

function roomsNamedIn(core: string, file: string): readonly string[] {
  const specifiers = readFileSync(file, 'utf8').matchAll(/\b(?:from|import\()\s*'(\.[^']+)'/g);
  return [...specifiers].map(([, to = '']) => {
    const target = path.relative(core, path.resolve(path.dirname(file), to));
    return target.split(path.sep)[0] ?? '';
  });
}

/** Floors from the ground up: a room stands one above the highest that it imports. @throws for a circle */
export function floorsOf(imports: Imports): readonly (readonly string[])[] {
  const heights = new Map<string, number>();
  const height = (room: string, above: readonly string[]): number => {
    if (above.includes(room)) throw new Error(`The rooms run in a circle: ${[...above, room].join(' → ')}`);
    const known = heights.get(room);
    if (known !== undefined) return known;
    const below = [...(imports.get(room) ?? [])].map((other) => height(other, [...above, room]));
    const found = Math.max(-1, ...below) + 1;
    heights.set(room, found);
    return found;
  };
  const floors: string[][] = [];
  for (const room of imports.keys()) (floors[height(room, [])] ??= []).push(room);
  return floors;
}

/** The imports that no other import already stands for: `a → c` is left out where `a → b → c`. */
export function withoutShortcuts(imports: Imports): readonly (readonly [string, string])[] {
  const reached = new Map<string, ReadonlySet<string>>();
  const reach = (room: string): ReadonlySet<string> => {
    const known = reached.get(room);
    if (known) return known;
    const all = new Set<string>();
    for (const other of imports.get(room) ?? []) {
      all.add(other);
      for (const further of reach(other)) all.add(further);
    }
    reached.set(room, all);
    return all;
  };
  return [...imports].flatMap(([room, others]) =>
    [...others]
      .filter((other) => ![...others].some((between) => reach(between).has(other)))
      .map((other) => [room, other] as const),
  );
}
