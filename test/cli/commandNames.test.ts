/** A line loads only the module of its command: each command of the help is found alone, as it is among all. */
import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/inProcess';

const namesIn = (help: string): string[] =>
  Array.from(help.matchAll(/^ {2}([a-z]+) (?=.* {2})/gm), ([, name]) => name ?? '');

describe('overread', () => {
  it('knows each command of its help when only that one is asked for', async () => {
    const all = await runCommand(['--help']);
    const names = namesIn(all.stdout.slice(all.stdout.indexOf('Commands:')));
    expect(names).toEqual(expect.arrayContaining(['init', 'label', 'undo', 'models', 'doctor']));
    for (const name of names.filter((one) => one !== 'help')) {
      const own = await runCommand([name, '--help']);
      expect([name, own.code]).toEqual([name, 0]);
      expect(own.stdout).toContain(`Usage: overread ${name}`);
      expect((await runCommand(['help', name])).stdout).toBe(own.stdout);
    }
  });

  it('suggests from all commands', async () => {
    const { code, stderr } = await runCommand(['laber']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean label?');
  });
});
