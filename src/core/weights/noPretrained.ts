/** What to say when pretrained weights are asked for that cannot be fetched. */
import { OverreadError } from '../base/errors';
import type { Architecture } from '../networks/architecture';

/** OVR501 with the file to download by hand, where there is one. */
export function noPretrained(architecture: Architecture): OverreadError {
  const { weightsElsewhere: elsewhere } = architecture;
  if (elsewhere) {
    return new OverreadError({
      code: 'OVR501',
      message: `${architecture.title}'s pretrained weights cannot be fetched: no repository has them under names of ours`,
      expected: `a file whose SHA-256 begins with ${elsewhere.sha256Start}`,
      fix: `Download ${elsewhere.url} and give it with --weights FILE, or use --weights random`,
    });
  }
  return new OverreadError({
    code: 'OVR501',
    message: `${architecture.title} has no pretrained weights: nobody has published any`,
    fix: 'Use --weights random (or random:SEED), or a file of your own with --weights FILE',
  });
}
