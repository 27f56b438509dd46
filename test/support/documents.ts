/** The pages of the documentation, and what stands in them as code. */
import { readdirSync, readFileSync } from 'node:fs';

/** Their paths in the repository. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export function textOf(page: string): string {
  return readFileSync(page, 'utf8');
}

/** The code of a page: whole blocks of it, and what stands between back-ticks in its sentences. */
export function codeOf(page: string): {
  readonly blocks: readonly string[];
  readonly inline: readonly string[];
} {
  const text = textOf(page);
  const block = /^```[^\n]*\n([\s\S]*?)^```/gm;
  const blocks = [...text.matchAll(block)].map(([, code]) => code ?? '');
  const inline = [...text.replace(block, '').matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '');
  return { blocks, inline };
}
