import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { floorsOf, readImports, withoutShortcuts, type Imports } from '../../scripts/rooms/imports';
import { drawRooms } from '../../scripts/rooms/picture';

const root = path.resolve(import.meta.dirname, '../..');
const house = (rooms: Record<string, readonly string[]>): Imports =>
  new Map(Object.entries(rooms).map(([room, others]) => [room, new Set(others)]));

describe('the picture of the rooms', () => {
  it('is drawn from the imports as they are', () => {
    // On a difference: npm run rooms
    const drawn = drawRooms(readImports(path.join(root, 'src/core')));
    expect(readFileSync(path.join(root, 'docs/images/rooms.svg'), 'utf8')).toBe(drawn);
  });

  it('shows every room, each above all that it imports', () => {
    const imports = readImports(path.join(root, 'src/core'));
    const floors = floorsOf(imports);
    expect(floors[0]).toEqual(['base']);
    expect(floors.flat().sort()).toEqual([...imports.keys()].sort());
    const floor = (room: string): number => floors.findIndex((rooms) => rooms.includes(room));
    for (const [room, others] of imports) {
      for (const other of others)
        expect([room, other, floor(room) > floor(other)]).toEqual([room, other, true]);
    }
  });

  it('leaves out lines that two others stand for, and refuses a circle', () => {
    const imports = house({ base: [], table: ['base'], dataset: ['base', 'table'] });
    expect(withoutShortcuts(imports)).toEqual([
      ['table', 'base'],
      ['dataset', 'table'],
    ]);
    expect(() => floorsOf(house({ a: ['b'], b: ['a'] }))).toThrow('a → b → a');
  });
});
