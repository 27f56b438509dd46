import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MarkFile } from '../../../src/core/base/markFile';

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-marks-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const mark = (n: number): string => n.toString(16).padStart(16, '0');

describe('a file of marks', () => {
  it('is read by the next process, and written once for each mark', async () => {
    const file = path.join(folder, 'project', 'marks.txt');
    const first = new MarkFile(file);
    await first.refresh();
    await first.keep();
    await expect(fs.stat(file)).rejects.toThrow();
    for (const n of [1, 2, 2]) first.add(mark(n));
    await first.keep();
    first.add(mark(1));
    await first.keep();
    const second = new MarkFile(file);
    await second.refresh();
    expect([1, 2, 3].map((n) => second.has(mark(n)))).toEqual([true, true, false]);
    const { size } = await fs.stat(file);
    second.add(mark(2));
    await second.keep();
    expect((await fs.stat(file)).size).toBe(size);
  });

  it('takes up what another process appends, past a line that a kill has torn', async () => {
    const file = path.join(folder, 'torn.txt');
    await fs.writeFile(file, `${mark(1)}\n${mark(2).slice(0, 5)}`);
    const [one, other] = [new MarkFile(file), new MarkFile(file)];
    await one.refresh();
    other.add(mark(3));
    await other.keep();
    await one.refresh();
    expect([1, 2, 3].map((n) => one.has(mark(n)))).toEqual([true, false, true]);
  });

  it('keeps what could not be written for the next time, and is none where something else lies', async () => {
    const file = path.join(folder, 'taken');
    await fs.mkdir(file);
    const marks = new MarkFile(file);
    await marks.refresh();
    marks.add(mark(1));
    await expect(marks.keep()).rejects.toMatchObject({ code: 'EISDIR' });
    expect(marks.has(mark(1))).toBe(true);
    await fs.rmdir(file);
    await marks.keep();
    expect(await fs.readFile(file, 'utf8')).toContain(mark(1));
  });

  it('starts again when the cache was deleted', async () => {
    const file = path.join(folder, 'deleted.txt');
    const marks = new MarkFile(file);
    marks.add(mark(1));
    marks.add(mark(2));
    await marks.keep();
    await marks.refresh();
    await fs.writeFile(file, `${mark(3)}\n`);
    await marks.refresh();
    expect(marks.has(mark(3))).toBe(true);
  });
});
