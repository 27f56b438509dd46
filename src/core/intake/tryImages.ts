/** Opens a few images of each kind, so that a project is not said to be well whose images nobody can read. */
import { OverreadError, throwIfCancelled } from '../base/errors';
import type { WorkOptions } from '../base/ports';
import type { Problem } from '../base/report';
import { shownValue } from '../base/visibleText';
import type { ProjectConfig } from '../config/config';
import { resolveImages } from '../dataset/imagePath';
import type { Dataset, Sample } from '../dataset/model';
import { decodeImage } from '../images/decode';
import { imageExtensionOf } from '../images/imageNames';

/** Images of each ending that are opened, spread over the table. */
const perEnding = 3;

/**
 * Of each ending of image names some images are decoded; a warning for each ending of which one cannot be. Images that
 * are missing are not told of: how many there are was counted before.
 * @param root of the project, absolute
 */
export async function tryImages(
  root: string,
  config: ProjectConfig,
  dataset: Dataset,
  options: WorkOptions = {},
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const chosen = [...byEnding(dataset.samples, config.dataset.extension)].flatMap(([ending, samples]) =>
    spread(samples).map((sample) => ({ ending, sample })),
  );
  const found = await resolveImages(
    root,
    config,
    chosen.map(({ sample }) => sample),
    options,
  );
  const failed = new Map<string, { count: number; first: OverreadError; sample: Sample }>();
  for (const [i, { ending, sample }] of chosen.entries()) {
    throwIfCancelled(options.signal);
    const place = found[i];
    if (!place || !('file' in place)) continue;
    const error = await faultOf(place.file);
    if (!error) continue;
    // Nothing there, or a folder that is called so.
    if (error.code === 'OVR300' || error.code === 'OVR304') continue;
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
  return problems;
}

async function faultOf(file: string): Promise<OverreadError | undefined> {
  try {
    await decodeImage(file);
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
