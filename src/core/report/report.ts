/** The report of a run: one HTML file that needs nothing beside it, runs no script and names no image or patient. */
import { createHash } from 'node:crypto';
import type { WorkOptions } from '../base/ports';
import type { CacheMac } from '../base/cacheMac';
import { hasRandomWeights } from '../runs/abilities';
import type { Project } from '../project/project';
import type { WholeRun } from '../runs/wholeRun';
import { analyseRun } from './analyseRun';
import { html, serialiseHtml, type HtmlNode } from './html';
import { reportSections, type ReportContext, type ReportSection } from './sections';
import { reportStyle } from './style';

export interface ReportOptions extends WorkOptions {
  readonly test: boolean;
  readonly thumbnails: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's key, by which images get names that say nothing. */
  readonly mac: CacheMac;
  /** Other sections than all. */
  readonly sections?: readonly ReportSection[];
}

export interface Report {
  readonly text: string;
  /** What the images that are named in it are called in the project: not in the file. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Makes the report.
 * @throws OVR804 the run's classes are not the project's; OVR002 cancelled
 */
export async function renderReport(project: Project, run: WholeRun, options: ReportOptions): Promise<Report> {
  const { test, thumbnails, mac, env, sections = reportSections, ...work } = options;
  const analysis = await analyseRun(project, run, { ...work, test, bands: true });
  const names = new Map<string, string>();
  const nameOf = (sample: string): string => {
    const name = mac.of('report', project.folder.root, sample).toString('hex').slice(0, 10);
    names.set(name, sample);
    return name;
  };
  const context: ReportContext = { ...work, project, run, analysis, thumbnails, env, nameOf };
  const shown: { readonly row: ReportSection; readonly nodes: readonly HtmlNode[] }[] = [];
  for (const [done, row] of sections.entries()) {
    work.onProgress?.({ stage: 'report', done, total: sections.length });
    const nodes = await row.render(context);
    if (nodes) shown.push({ row, nodes });
  }
  const title = `${project.config.name}: ${run.record.name}`;
  return { text: `<!DOCTYPE html>\n${serialiseHtml(page(title, context, shown))}\n`, names };
}

function page(
  title: string,
  { run, project }: ReportContext,
  sections: readonly { readonly row: ReportSection; readonly nodes: readonly HtmlNode[] }[],
): HtmlNode {
  const hash = createHash('sha256').update(reportStyle).digest('base64');
  // Nothing but its own style sheet and pictures that lie in it; no script, whatever stands in the data.
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html(
    'html',
    { lang: 'en' },
    html(
      'head',
      {},
      html('meta', { charset: 'utf-8' }),
      html('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
      html('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      html('title', {}, title),
      html('style', {}, reportStyle),
    ),
    html(
      'body',
      {},
      html(
        'header',
        {},
        html('h1', {}, title),
        html('p', { class: 'muted' }, subtitle(run)),
        ...(hasRandomWeights(run.record)
          ? [
              html(
                'p',
                { class: 'warning' },
                'The weights of the network are random: it was trained on nothing, and this model is there to be compared with, not to be used.',
              ),
            ]
          : []),
      ),
      html(
        'nav',
        { 'aria-label': 'Sections' },
        html(
          'ul',
          {},
          ...sections.map(({ row }) => html('li', {}, html('a', { href: `#${row.id}` }, row.title))),
        ),
      ),
      html(
        'main',
        {},
        ...sections.map(({ row, nodes }) =>
          html(
            'section',
            { id: row.id },
            html('h2', {}, row.title),
            html('p', { class: 'items' }, row.items),
            ...nodes,
          ),
        ),
      ),
      html(
        'footer',
        {},
        html(
          'p',
          { class: 'muted' },
          `Made by Overread for ${project.config.name}. Images are named by keyed hashes; items are named as in TRIPOD+AI (2024) and CLAIM (2024 update). A research tool, not a medical device.`,
        ),
      ),
    ),
  );
}

function subtitle({ record }: WholeRun): string {
  const network = record.network ? `${record.network.weights.name}, ` : '';
  return `${network}${record.trainer.name}, ${record.created}`;
}
