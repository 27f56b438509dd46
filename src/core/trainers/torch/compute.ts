/**
 * Where PyTorch runs. What a target runs comes from the user's own configuration folder (`compute.json`); a project may
 * name one and no more.
 */
import * as path from 'node:path';
import { Type, type Static } from '@sinclair/typebox';
import { JsonFault, jsonReader } from '../../base/checkedJson';
import { OverreadError } from '../../base/errors';
import { readTextIfPresent } from '../../base/files';
import { userConfigFolder } from '../../base/userCache';

/** The file in the user's configuration folder. */
export const computeFile = 'compute.json';

const closed = { additionalProperties: false } as const;
const python = Type.Optional(Type.String({ minLength: 1 }));
const processes = Type.Integer({ minimum: 1, maximum: 4096 });

const target = Type.Union([
  Type.Object({ kind: Type.Literal('local'), python }, closed),
  Type.Object(
    {
      kind: Type.Literal('torchrun'),
      processes,
      python,
      /** Machines, and where they meet: `host:port`. */
      nodes: Type.Optional(processes),
      rendezvous: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_.\\[\\]:-]+$' })),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal('command'),
      command: Type.Array(Type.String(), { minItems: 1, maxItems: 1000 }),
      python,
      processes: Type.Optional(processes),
    },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('ray'), address: Type.String({ minLength: 1 }), workers: processes, python },
    closed,
  ),
]);

const parseFile = jsonReader(
  Type.Object({ v: Type.Literal(1), targets: Type.Record(Type.String(), target) }, closed),
);

export type ComputeTarget = Static<typeof target>;

/** This machine, one process. */
export const localTarget: ComputeTarget = { kind: 'local' };

/** How many processes train together. */
export function processesOf(compute: ComputeTarget): number {
  if (compute.kind === 'torchrun') return compute.processes * (compute.nodes ?? 1);
  if (compute.kind === 'ray') return compute.workers;
  return compute.kind === 'command' ? (compute.processes ?? 1) : 1;
}

/**
 * The target of that name; `local` is always there, and `torchrun:N` is N processes of this machine.
 * @throws OVR704 there is no such target, or the file is damaged
 */
export async function findTarget(
  name: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ComputeTarget> {
  const here = /^torchrun:(\d{1,3})$/.exec(name ?? '');
  if (here && Number(here[1]) > 0) return { kind: 'torchrun', processes: Number(here[1]) };
  const file = path.join(userConfigFolder(env), computeFile);
  const text = await readTextIfPresent(file);
  let targets: Readonly<Record<string, ComputeTarget>> = {};
  try {
    if (text !== undefined) ({ targets } = parseFile(text));
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw new OverreadError({
      code: 'OVR704',
      message: `${computeFile} cannot be read: ${error.message}`,
      place: { file },
      fix: 'Mend it as docs/training.md says',
      cause: error,
    });
  }
  const found = targets[name ?? 'local'];
  if (found && Object.hasOwn(targets, name ?? 'local')) return found;
  if (name === undefined || name === 'local') return localTarget;
  throw new OverreadError({
    code: 'OVR704',
    message: `There is no compute target "${name}"`,
    expected: `one of ${[...new Set(['local', 'torchrun:N', ...Object.keys(targets)])].join(', ')}`,
    place: { file },
    fix: 'Describe it in that file (docs/training.md)',
  });
}
