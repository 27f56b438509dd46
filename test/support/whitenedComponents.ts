import { whitenedSpace, type ComponentOptions, type Components } from '../../src/core/neighbours/components';

/** The components alone; where there are too few images, none. */
export async function whitenedComponents(
  features: Float32Array,
  dim: number,
  present: Uint8Array,
  options: ComponentOptions = {},
): Promise<Components> {
  const space = await whitenedSpace(features, dim, present, options);
  return space?.components ?? { rows: new Float32Array(0), dim: 0, present };
}
