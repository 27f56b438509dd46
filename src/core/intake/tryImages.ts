/** Opens a few images of each kind, so that a project is not said to be well whose images nobody can read. */
import { OverreadError, throwIfCancelled } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import type { Problem } from '../base/report';
import { shownValue } from '../base/visibleText';
import type { ProjectConfig } from '../config/config';
import type { ImageResolver } from '../dataset/imagePath';
import type { Dataset, Sample } from '../dataset/model';
import { useDecoded } from '../images/decode';
import { imageExtensionOf } from '../images/imageNames';
import { imageNotices, noticeSentences, type ImageNotice } from '../images/notices';
import { useImageFile } from '../images/readFile';

/** Images of each ending that are opened, spread over the table. */
const perEnding = 3;

/**
 * Of each ending of image names some images are decoded; a warning for each ending of which one cannot be, and a note of
 * what becomes of the others on their way to pixels. Images that are missing are not told of: how many there are was
 * counted before.
 */
export async function tryImages(
  resolver: ImageResolver,
  config: ProjectConfig,
  dataset: Dataset,
  options: WorkOptions = {},
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const chosen = [...byEnding(dataset.samples, config.dataset.extension)].flatMap(([ending, samples]) =>
    spread(samples).map((sample) => ({ ending, sample })),
  );
  const noticed: Noticed[] = [];
  const failed = new Map<string, { count: number; first: OverreadError; sample: Sample }>();
  for (const { ending, sample } of chosen) {
    throwIfCancelled(options.signal);
    const error = await tryOne(resolver, sample, (notices) => noticed.push({ ending, sample, notices }));
    if (!error) continue;
    // Nothing there, several files, or a folder that is called so: that was told before.
    if (['OVR300', 'OVR304', 'OVR205', 'OVR212'].includes(error.code)) continue;
    const known = failed.get(ending);
    if (known) known.count++;
    else failed.set(ending, { count: 1, first: error, sample });
  }
  for (const [ending, { count, first, sample }] of failed) {
    const tried = chosen.filter((one) => one.ending === ending).length;
    problems.push({
      severity: 'warning',
      code: first.code,
      message: `${count} of ${tried} ${ending === '' ? 'images without an ending' : `${ending} images`} that were opened cannot be read, such as ${shownValue(sample.path)}: ${first.message}`,
      place: { file: config.dataset.table, row: sample.row },
      ...(first.expected === undefined ? {} : { expected: first.expected }),
      fix: 'overread finetune counts all of them and leaves them out.',
    });
  }
  return [...problems, ...notesOf(noticed, config)];
}

interface Noticed {
  readonly ending: string;
  readonly sample: Sample;
  readonly notices: readonly ImageNotice[];
}

/** One note for each ending and kind. */
function notesOf(noticed: readonly Noticed[], config: ProjectConfig): Problem[] {
  const notes = new Map<string, Problem>();
  for (const { ending, sample, notices } of noticed) {
    for (const { kind, detail } of notices) {
      const key = `${ending} ${kind}`;
      if (notes.has(key)) continue;
      const among = noticed.filter((one) => one.ending === ending);
      const count = among.filter((one) => one.notices.some((notice) => notice.kind === kind)).length;
      notes.set(key, {
        severity: 'info',
        code: 'OVR313',
        message: `${count} of ${among.length} ${ending === '' ? 'images without an ending' : `${ending} images`} that were opened: ${noticeSentences[kind]}${detail === '' ? '' : ` (${detail})`}`,
        place: { file: config.dataset.table, row: sample.row },
        fix: 'overread check counts all of them.',
      });
    }
  }
  return [...notes.values()];
}

async function tryOne(
  resolver: ImageResolver,
  sample: Sample,
  notice: (notices: readonly ImageNotice[]) => void,
): Promise<OverreadError | undefined> {
  try {
    const file = resolver.resolve(sample);
    await useImageFile(file, (bytes) =>
      useDecoded(bytes, file, async (image) => {
        notice(await imageNotices(bytes, image));
      }),
    );
    return undefined;
  } catch (error) {
    if (error instanceof OverreadError) return error;
    throw error;
  }
}

function byEnding(samples: readonly Sample[], added: string): Map<string, Sample[]> {
  const endings = new Map<string, Sample[]>();
  for (const sample of samples) {
    const ending = imageExtensionOf(`${sample.path}${added}`).toLowerCase();
    const known = endings.get(ending);
    if (known) known.push(sample);
    else endings.set(ending, [sample]);
  }
  return endings;
}

/** The first, the last and some between. */
function spread(samples: readonly Sample[]): Sample[] {
  const last = samples.length - 1;
  const places = Array.from({ length: perEnding }, (_, k) => Math.round((k * last) / (perEnding - 1)));
  return [...new Set(places)].flatMap((place) => samples[place] ?? []);
}
