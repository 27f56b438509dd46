import { gridKeyRows, keyGroups, keyName, type GridKeyRow } from '../../src/protocol/gridKeys';

const [begin, end] = ['<!-- keys: npm run manifest -->', '<!-- end of keys -->'];

/** docs/review.md with the table of keys × modes as `src/protocol/gridKeys.ts` has it. */
export function renderKeyTable(page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/review.md lacks ${begin} … ${end}`);
  const header = ['Key', 'Tiles', 'Read mode'];
  const groups = Object.entries(keyGroups).flatMap(([group, title]) => [
    [`**${title}**`, '', ''],
    ...gridKeyRows.filter((row) => row.group === group).map(cellsOf),
  ]);
  return `${page.slice(0, from)}${begin}\n\n${tableOf([header, ...groups])}\n\n${page.slice(to)}`;
}

function cellsOf({ name, keys, does, by }: GridKeyRow): readonly string[] {
  const names = name === 'label' ? ['1–9'] : keys.map((key) => keyName(key));
  // What the editor binds, a person may bind otherwise.
  const mark = by === 'editor' ? '' : ' ¹';
  return [names.map((key) => `\`${key}\``).join(' ') + mark, does.grid ?? '–', does.read ?? '–'];
}

/** As prettier writes it. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [header = [], ...others] = rows;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n');
}
