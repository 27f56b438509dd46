/** An architecture, or published weights, as they are named on the command line. */
import { OverreadError } from '../../../core/base/errors';
import { didYouMean } from '../../../core/base/suggest';
import { architectureNames, getArchitecture } from '../../../core/networks';
import type { Architecture, PublishedWeights } from '../../../core/networks/architecture';
import { noPretrained } from '../../../core/weights/noPretrained';
import { publishedName } from '../../../core/weights/spec';

/** The architecture of `densenet121` or `densenet121.tv_in1k`. @throws OVR500 with the nearest name */
export function namedArchitecture(name: string): Architecture {
  const owner = architectureNames.find((candidate) => name.startsWith(`${candidate}.`));
  return getArchitecture(owner ?? name);
}

/**
 * The published weights of an architecture: those of the tag, which may be part of the name, else the default.
 * @throws OVR500 there are none of that tag; OVR501 none can be fetched
 */
export function namedWeights(
  name: string,
  tag: string | undefined,
): { readonly architecture: Architecture; readonly published: PublishedWeights } {
  const architecture = namedArchitecture(name);
  const own = `${architecture.name}.`;
  const inName = name.startsWith(own) ? name.slice(own.length) : undefined;
  const wanted = tag?.startsWith(own) === true ? tag.slice(own.length) : (tag ?? inName);
  const [first] = architecture.weights;
  if (!first) throw noPretrained(architecture);
  const published =
    wanted === undefined ? first : architecture.weights.find((candidate) => candidate.tag === wanted);
  if (published) return { architecture, published };
  const tags = architecture.weights.map((candidate) => candidate.tag);
  throw new OverreadError({
    code: 'OVR500',
    message: `There are no published weights ${architecture.name}.${wanted ?? ''}`,
    expected: `one of ${architecture.weights.map((one) => publishedName(architecture, one)).join(', ')}`,
    fix: didYouMean(wanted ?? '', tags),
  });
}
