/** Command lines in the documentation are command lines: every `overread …` in a code block is one that is understood. */
import * as fs from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../../src/cli/command';
import { parseAndRun } from '../../src/cli/program';

const pages = [
  'README.md',
  ...(await fs.readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];

/** The lines of code blocks that call the command, without comments. */
async function commandLines(page: string): Promise<string[]> {
  const blocks = (await fs.readFile(page, 'utf8')).matchAll(/```(?:sh|bash|console)?\n([\s\S]*?)```/g);
  return [...blocks]
    .flatMap(([, block]) => (block ?? '').replaceAll('\\\n', ' ').split(/\n|&&|\|/))
    .map((line) => line.replace(/\s#.*$/, '').trim())
    .filter((line) => /^(?:npx )?overread\s/.test(line));
}

/** What the command line says of itself: its help, as the real parser prints it. */
async function helpOf(words: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  let text = '';
  let code = -1;
  const stream = { write: (chunk: string) => (text += chunk).length > 0 };
  const surroundings = {
    env: {},
    cwd: '.',
    stdout: stream,
    stderr: stream,
    exit: (ended: number) => {
      code = ended;
    },
  };
  await parseAndRun([...words, '--help'], surroundings as unknown as Surroundings);
  return { code, text };
}

describe.each(pages)('%s', (page) => {
  it('names commands and options that exist', async () => {
    for (const line of await commandLines(page)) {
      const [command = '', ...rest] = line.replace(/^(?:npx )?overread\s+/, '').split(/\s+/);
      const help = await helpOf([command]);
      const sub =
        rest[0] !== undefined && new RegExp(`^  ${rest[0]}\\b`, 'm').test(help.text) ? [rest[0]] : [];
      const { code, text } = sub.length > 0 ? await helpOf([command, ...sub]) : help;
      expect(code, line).toBe(0);
      expect(text, line).toContain(`Usage: overread ${command}`);
      for (const word of rest.filter((one) => one.startsWith('--'))) {
        expect(text, `${line}: ${word}`).toContain(word.replace(/=.*$/, ''));
      }
    }
  });
});

it('the documentation has command lines', async () => {
  const lines = await Promise.all(pages.map(commandLines));
  expect(lines.flat().length).toBeGreaterThan(10);
});
