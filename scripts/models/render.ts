/** Renders the tables of docs/models.md between their marks; the text around them is written by hand. */
import * as prettier from 'prettier';
import { architectureNames, getArchitecture } from '../../src/core/networks';
import type { Architecture } from '../../src/core/networks/architecture';
import { factsOf } from '../../src/core/catalog/facts';
import { conclusions, literature, usesInShort, type Statement } from '../../src/core/catalog/literature';
import { sources, type Source } from '../../src/core/catalog/sources';
import { aboutFileSize } from '../../src/core/weights/fileSize';
import { publishedName } from '../../src/core/weights/spec';

export const modelsPage = 'docs/models.md';

const parts: Readonly<Record<string, () => string[]>> = {
  architectures: architectureTable,
  weights: weightsTable,
  uses: usesTable,
  cautions: cautionsTable,
  sources: sourcesList,
};

/** The page with every part rendered anew, formatted as the repository's other files are. */
export async function renderModelsPage(page: string): Promise<string> {
  let text = page;
  for (const [name, render] of Object.entries(parts)) {
    const start = `<!-- generated: ${name} -->`;
    const end = `<!-- end: ${name} -->`;
    const from = text.indexOf(start);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${modelsPage} has no place for its part "${name}"`);
    text = [text.slice(0, from + start.length), '', ...render(), '', text.slice(to)].join('\n');
  }
  const options = await prettier.resolveConfig(import.meta.url);
  return prettier.format(text, { ...options, parser: 'markdown' });
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function architectureTable(): string[] {
  const rows = architectureNames.map((name) => {
    const { title, family, featureSize, preprocessing, blocks } = getArchitecture(name);
    const { parameters, gmacs } = factsOf(name);
    return [
      `\`${name}\``,
      title,
      family,
      `${(parameters / 1e6).toFixed(2)} M`,
      gmacs.toFixed(2),
      String(featureSize),
      `${preprocessing.size} px`,
      String(blocks.length),
      usesInShort(name),
    ];
  });
  return markdownTable(
    ['name', 'network', 'family', 'parameters', 'GMACs', 'features', 'input', 'blocks', 'used for'],
    rows,
  );
}

function weightsTable(): string[] {
  const rows = architectureNames.map(getArchitecture).flatMap((architecture) => {
    if (architecture.weights.length === 0) return [weightsElsewhere(architecture)];
    return architecture.weights.map((published) => [
      `\`${publishedName(architecture, published)}\``,
      `[${published.hubRepository}](https://huggingface.co/${published.hubRepository})`,
      `${Math.round(aboutFileSize(architecture) / 1e6)} MB`,
      published.licence,
      published.trainedOn,
      published.hubSha256 === undefined ? 'pinned on first use' : `\`${published.hubSha256}\``,
    ]);
  });
  return markdownTable(
    ['weights', 'file `model.safetensors` of', 'about', 'licence', 'trained on', 'SHA-256'],
    rows,
  );
}

function weightsElsewhere(architecture: Architecture): string[] {
  const { name, weightsElsewhere: elsewhere } = architecture;
  if (!elsewhere) return [`\`${name}\``, 'none published: random weights, or your own', '', '', '', ''];
  return [
    `\`${name}\``,
    `not at the hub: download [this file](${elsewhere.url}) and give it with \`--weights FILE\``,
    `${Math.round(aboutFileSize(architecture) / 1e6)} MB`,
    elsewhere.licence,
    elsewhere.trainedOn,
    `begins with \`${elsewhere.sha256Start}\``,
  ];
}

function cite(statement: Pick<Statement, 'source'>): string {
  const { cite: short, url } = sources[statement.source];
  return `[${short}](${url})`;
}

function usesTable(): string[] {
  const rows = literature
    .filter(({ kind }) => kind === 'use')
    .map((statement) => {
      const { modality, anatomy, text } = statement;
      return [modality ?? 'any', anatomy ?? 'any', text, cite(statement)];
    });
  return markdownTable(['`modality`', '`anatomy`', 'statement', 'source'], rows);
}

function cautionsTable(): string[] {
  const rows = literature
    .filter(({ kind }) => kind !== 'use')
    .map((statement) => {
      const { families, architectures = [], text } = statement;
      return [[...families, ...architectures].join(', '), text, cite(statement)];
    });
  const general = conclusions.map((statement) => ['all', statement.text, cite(statement)]);
  return markdownTable(['about', 'statement', 'source'], [...rows, ...general]);
}

function sourcesList(): string[] {
  return Object.values<Source>(sources).map(
    ({ cite: short, title, published, url, checked }) =>
      `- ${short}: *${title}.* ${published}. <${url}>${checked === 'summary' ? ' †' : ''}`,
  );
}
