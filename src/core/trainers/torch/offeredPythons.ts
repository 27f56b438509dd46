/** Pythons that an editor offers to a training on this machine: each is asked what it has before it is taken. */
import { OverreadError } from '../../base/errors';
import type { Environment } from '../../base/programs';
import { findPython, hasPackages } from './python';

export interface OfferedPython {
  /** Who offers it, as it is told. */
  readonly from: string;
  /** As it was offered; checked when it is looked for. */
  readonly python: string;
}

/** Variables of the environment, in the order in which they are heeded (docs/training.md). */
const variables = [
  { name: 'OVERREAD_CHOSEN_PYTHON', from: 'The Python chosen in VS Code' },
  { name: 'OVERREAD_SETTING_PYTHON', from: 'The Python of the setting overread.python' },
] as const;

/** What the environment of this process offers. */
export function offeredPythons(env: Environment): readonly OfferedPython[] {
  return variables.flatMap(({ name, from }) => {
    const python = env[name];
    return python === undefined || python === '' ? [] : [{ from, python }];
  });
}

/**
 * The first that can train.
 * @param probe asks one; OVR702 says why it cannot
 * @returns what it was found to be, null where none can; and why the others are not taken, a sentence each without a full stop
 */
export async function firstThatTrains<T>(
  offers: readonly OfferedPython[],
  probe: (python: string) => Promise<T>,
): Promise<{
  readonly taken: (OfferedPython & { readonly probed: T }) | null;
  readonly refused: readonly string[];
}> {
  const refused: string[] = [];
  for (const offer of offers) {
    try {
      return { taken: { ...offer, probed: await probe(offer.python) }, refused };
    } catch (error) {
      if (!(error instanceof OverreadError) || error.code !== 'OVR702') throw error;
      refused.push(`${offer.from} is not used: ${error.message}`);
    }
  }
  return { taken: null, refused };
}

/**
 * Whether a training that is started now would find a Python with PyTorch: one that is offered, that of `setup-python`, or the
 * first on PATH. Looked up, not tried.
 * @param offered programs by their absolute paths, in the order in which they are heeded
 */
export async function isTorchHere(
  offered: readonly string[],
  cacheDir: string,
  env: Environment,
): Promise<boolean> {
  for (const named of [...offered, undefined]) {
    const python = await findPython(named, cacheDir, env).catch(() => undefined);
    if (python !== undefined && (await hasPackages(python, env))) return true;
  }
  return false;
}
