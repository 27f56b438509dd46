/** The images on which the model is furthest from the label, by names that say nothing of them. */
import { resolveImages } from '../dataset/imagePath';
import type { Sample } from '../dataset/model';
import { OverreadError } from '../base/errors';
import { splitFrame } from '../images/frameReference';
import { useImageFile } from '../images/readFile';
import { drawThumbnail } from '../images/thumbnail';
import { errorQueue } from '../review/queues';
import { reviewOf } from '../review/openReview';
import { html, paragraph, tableOf, type HtmlNode } from './html';
import type { ReportContext } from './sections';

/** Errors that are listed. */
const mostErrors = 24;

interface WorstError {
  readonly name: string;
  readonly finding: string;
  readonly given: string;
  readonly predicted: string;
  readonly p: string;
  readonly loss: string;
  readonly part: string;
  readonly sample: string;
}

export async function errorsSection(context: ReportContext): Promise<readonly HtmlNode[]> {
  const { project, run, nameOf, thumbnails } = context;
  const catalog = reviewOf(project, run, {}, undefined);
  try {
    const splits = project.config.review.splits.filter((part) => part !== 'test');
    const { rows } = await catalog.query({
      ...{ queue: errorQueue.id, splits },
      ...{ sort: errorQueue.sort, descending: true },
    });
    const worst = Array.from(rows.subarray(0, mostErrors), (row): WorstError => {
      const item = catalog.item(row);
      return {
        name: nameOf(item.sample),
        finding: item.finding,
        given: item.value ?? '–',
        predicted: item.predicted ?? '–',
        p: item.p?.toFixed(3) ?? '–',
        loss: item.loss?.toFixed(3) ?? '–',
        part: item.split ?? '–',
        sample: item.sample,
      };
    });
    if (worst.length === 0) return [paragraph('The model contradicts no label that is left.')];
    const pictures = thumbnails ? await picturesOf(context, worst) : [];
    return [
      paragraph(
        `${String(rows.length)} in all, training out of fold; the ${String(worst.length)} with the largest loss:`,
      ),
      tableOf(
        'By the labels as they are now',
        ['Image', 'finding', 'label', 'model says', 'probability', 'loss', 'part'],
        worst.map(({ name, finding, given, predicted, p, loss, part }) => [
          name,
          finding,
          given,
          predicted,
          p,
          loss,
          part,
        ]),
      ),
      ...(pictures.length === 0 ? [] : [html('div', { class: 'pictures' }, ...pictures)]),
    ];
  } finally {
    catalog.close();
  }
}

async function picturesOf(
  { project, signal }: ReportContext,
  worst: readonly WorstError[],
): Promise<HtmlNode[]> {
  const byId = new Map(project.dataset.samples.map((sample) => [sample.id, sample]));
  const shown = worst.flatMap((error) => {
    const sample = byId.get(error.sample);
    return sample ? [{ error, sample }] : [];
  });
  const samples: readonly Sample[] = shown.map(({ sample }) => sample);
  const files = await resolveImages(project.root, project.config, samples);
  const pictures: HtmlNode[] = [];
  for (const [n, { error }] of shown.entries()) {
    signal?.throwIfAborted();
    const location = files[n];
    const picture = location && 'file' in location ? await pictureOf(location.file) : null;
    const caption = `${error.name}: ${error.finding} ${error.given} → ${error.predicted}`;
    pictures.push(
      html(
        'figure',
        {},
        picture === null
          ? html('p', { class: 'muted' }, 'The image cannot be read')
          : html('img', { src: picture, alt: caption }),
        html('figcaption', {}, caption),
      ),
    );
  }
  return pictures;
}

/** Only pixels: what a file says of its patient is not in them. null where it cannot be read. */
async function pictureOf(file: string): Promise<string | null> {
  try {
    const webp = await useImageFile(splitFrame(file).file, (bytes) => drawThumbnail(bytes, file, 192));
    return `data:image/webp;base64,${Buffer.from(webp).toString('base64')}`;
  } catch (error) {
    if (error instanceof OverreadError) return null;
    throw error;
  }
}
