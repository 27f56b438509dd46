/** Facts about architectures as people read them: short lines for lists, a card for hovers. */
import * as vscode from 'vscode';
import type { ArchitectureCatalog, ArchitectureRow, BlockRow, Use } from '../../protocol/engineApi';
import { escapeMarkdown, markdown, markdownLink } from '../markdown';

/** `7.98 M`: learnt numbers in millions, or thousands below a tenth of one. */
export function formatParameters(count: number): string {
  return count < 100_000 ? `${(count / 1e3).toFixed(0)} k` : `${(count / 1e6).toFixed(2)} M`;
}

export function formatGmacs(gmacs: number): string {
  return vscode.l10n.t('{0} GMACs', gmacs.toFixed(gmacs < 0.1 ? 3 : 2));
}

/** `7.98 M parameters · 2.87 GMACs · 224 px · 41 images/s`, the last as measured on this machine */
export function facts(row: ArchitectureRow): string {
  const { t } = vscode.l10n;
  return [
    t('{0} parameters', formatParameters(row.parameters)),
    formatGmacs(row.gmacs),
    t('{0} px', String(row.inputSize)),
    ...(row.imagesPerSecond === null ? [] : [imagesPerSecond(row.imagesPerSecond)]),
  ].join(' · ');
}

function imagesPerSecond(rate: number): string {
  return vscode.l10n.t('{0} images/s', rate < 10 ? rate.toFixed(1) : rate.toFixed(0));
}

/** Where the default weights are and under which licence they come. */
export function weightsInBrief({ weights }: ArchitectureRow): string {
  const { t } = vscode.l10n;
  const [first] = weights;
  if (!first) return t('Random weights only');
  const where = weights.some(({ here }) => here)
    ? t('weights on this machine')
    : t('weights to fetch, {0}', megabytes(first.bytes));
  return `${where} · ${first.licence}`;
}

function megabytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1e6)).toLocaleString()} MB`;
}

/** `896 features · 4.84 M parameters · 2.51 GMACs left` */
export function blockFacts(block: BlockRow): string {
  const { t } = vscode.l10n;
  return [
    t('{0} features', block.featureSize.toLocaleString()),
    t('{0} parameters', formatParameters(block.parameters)),
    t('{0} left', formatGmacs(block.gmacs)),
  ].join(' · ');
}

/** All that is known, for a hover and beside a completion. Not trusted: no commands, no HTML. */
export function card(row: ArchitectureRow, catalog: ArchitectureCatalog): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const costs = [
    t('{0} family', row.family),
    t('{0} parameters', formatParameters(row.parameters)),
    formatGmacs(row.gmacs),
    t('{0} features', row.featureSize.toLocaleString()),
    t('{0} × {0} px', String(row.inputSize)),
    ...(row.imagesPerSecond === null
      ? []
      : [t('{0} measured on this machine', imagesPerSecond(row.imagesPerSecond))]),
  ];
  const weights = row.weights.map(
    ({ name, trainedOn, licence, here, bytes }) =>
      `\`${tagOf(name, row)}\` ${escapeMarkdown(
        [trainedOn, licence, here ? t('on this machine') : t('to fetch, {0}', megabytes(bytes))].join(', '),
      )}`,
  );
  const because = catalog.suggestion?.architecture === row.name ? catalog.suggestion.because : undefined;
  const uses = row.uses.filter(({ text }) => text !== because?.text);
  const parts = [
    `**${escapeMarkdown(row.title)}** \`${row.name}\``,
    escapeMarkdown(costs.join(' · ')),
    `**${t('Weights')}** ${weights.length > 0 ? weights.join('; ') : t('random only: nobody has published any')}`,
    ...(because ? [`**${t('Suggested for this project.')}** ${cited(because)}`] : []),
    ...(uses.length > 0
      ? [`**${t('Literature')}**\n\n${uses.map((use) => `- ${cited(use)}`).join('\n')}`]
      : []),
    ...(row.caution ? [`**${t('Caution.')}** ${cited(row.caution)}`] : []),
  ];
  return markdown(parts.join('\n\n'));
}

/** What is left of an architecture that is cut after a block. */
export function blockCard(row: ArchitectureRow, name: string): vscode.MarkdownString | undefined {
  const { t } = vscode.l10n;
  const block = row.blocks.find((candidate) => candidate.name === name);
  const whole = row.blocks.at(-1);
  if (!block || !whole) return undefined;
  return markdown(
    [
      `**${t('{0}, cut after {1}', escapeMarkdown(row.title), escapeMarkdown(block.name))}**`,
      escapeMarkdown(blockFacts(block)),
      t('Whole, without its last layer: {0}.', escapeMarkdown(blockFacts(whole))),
    ].join('\n\n'),
  );
}

/** `tv_in1k` of `densenet121.tv_in1k`. */
export function tagOf(name: string, row: ArchitectureRow): string {
  return name.startsWith(`${row.name}.`) ? name.slice(row.name.length + 1) : name;
}

/** A statement with the link to its source. */
export function cited(use: Use): string {
  return `${escapeMarkdown(use.text)} (${markdownLink(use.source, use.url)})`;
}
