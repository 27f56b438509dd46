/** What the address of a page says of the project behind it: read by the test's process and in the page. */
import type { MadeUp } from './madeUpProject';

export function madeUpOf(parameters: URLSearchParams): MadeUp {
  const text = (name: string, usual: string): string => parameters.get(name) ?? usual;
  const list = (name: string, usual: string): readonly string[] =>
    text(name, usual).split(',').filter(Boolean);
  return {
    images: Number(text('images', '690')),
    classes: list('classes', 'normal,pneumonia,effusion'),
    findings: list('findings', ''),
    rare: list('rare', ''),
    run: text('run', '1') === '1',
    randomWeights: text('random', '0') === '1',
    saved: text('saved', ''),
  };
}
