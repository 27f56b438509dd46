/** The class or finding that a heat map is asked for. */
import { OverreadError } from '../base/errors';
import { nearest } from '../labels/validate';

/**
 * The number of an output of a run.
 * @throws OVR402 no such class, OVR401 no such finding; with the nearest names
 */
export function findOutput(
  { task, outputs }: { readonly task: 'multi-class' | 'multi-label'; readonly outputs: readonly string[] },
  wanted: string,
): number {
  const found = outputs.indexOf(wanted);
  if (found >= 0) return found;
  const near = nearest(wanted, outputs, 3);
  throw new OverreadError({
    code: task === 'multi-class' ? 'OVR402' : 'OVR401',
    message: `The run knows no ${task === 'multi-class' ? 'class' : 'finding'} "${wanted}"`,
    expected: `one of ${outputs.join(', ')}`,
    ...(near.length > 0 ? { fix: `Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?` } : {}),
  });
}
