/**
 * Command lines in the documentation are command lines: every `overread …` in a code block or in a sentence is one that is
 * understood.
 */
import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../../src/cli/command';
import { parseAndRun } from '../../src/cli/program';
import { codeOf, pages } from '../support/documents';

/** The calls of the command, without comments: of a sentence those that stand alone between back-ticks. */
function commandLines(page: string): string[] {
  const { blocks, inline } = codeOf(page);
  return [
    ...blocks.flatMap((block) => block.replaceAll('\\\n', ' ').split(/\n|&&|\|/)),
    ...inline.map((code) => code.replace(/[[\]]/g, ' ')),
  ]
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
    for (const line of commandLines(page)) {
      const [command = '', ...rest] = line.replace(/^(?:npx )?overread\s+/, '').split(/\s+/);
      const help = await helpOf([command]);
      const sub =
        rest[0] !== undefined &&
        !rest[0].startsWith('-') &&
        new RegExp(`^  ${rest[0]}\\b`, 'm').test(help.text)
          ? [rest[0]]
          : [];
      const { code, text } = sub.length > 0 ? await helpOf([command, ...sub]) : help;
      expect(code, line).toBe(0);
      expect(text, line).toContain(`Usage: overread ${command}`);
      for (const word of rest.filter((one) => one.startsWith('--'))) {
        expect(text, `${line}: ${word}`).toContain(word.replace(/=.*$/, ''));
      }
    }
  });
});

it('the documentation names every command', async () => {
  const { text } = await helpOf([]);
  const names = Array.from(
    text.slice(text.indexOf('Commands:')).matchAll(/^ {2}([a-z-]+) /gm),
    ([, name]) => name,
  );
  expect(names.length).toBeGreaterThan(25);
  const named = pages.flatMap(commandLines).map((line) => line.replace(/^npx /, '').split(/\s+/)[1]);
  expect(names.filter((name) => name !== 'help' && !named.includes(name))).toEqual([]);
});

it('the documentation has command lines, in blocks and in sentences', () => {
  expect(pages.flatMap((page) => codeOf(page).blocks).length).toBeGreaterThan(10);
  expect(pages.flatMap(commandLines).length).toBeGreaterThan(50);
});
