import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { filterColumns } from '../../../src/core/review/filterColumns';

test('docs/data-formats.md lists the columns of filters as they are', async () => {
  const file = path.resolve(import.meta.dirname, '../../../docs/data-formats.md');
  const section = /## Columns of filters\n(.*?)\n## /s.exec(await fs.readFile(file, 'utf8'))?.[1] ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(
    filterColumns.map(({ name, type, of, description }) => [`\`${name}\``, type, of, description]),
  );
});
