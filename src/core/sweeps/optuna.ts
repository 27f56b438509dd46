/** Optuna by way of the Python that trains: what to train next, and what came of it. */
import { Type } from '@sinclair/typebox';
import { jsonReader } from '../base/checkedJson';
import { OverreadError, throwIfCancelled } from '../base/errors';
import { runProgram, type Environment } from '../base/programs';
import { pythonEnvironment } from '../trainers/torch/python';

/** Importing it takes seconds, on a network disk a minute; the journal may be locked by another worker. */
const answerLimit = 180_000;

const parseNext = jsonReader(
  Type.Object({
    number: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    running: Type.Optional(Type.Integer()),
    settings: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Null()])),
    ),
  }),
);

/** Choices by name, or a range on a logarithmic scale. */
export type OptunaSpace = Readonly<
  Record<string, readonly (string | null)[] | { readonly low: number; readonly high: number }>
>;

/** Settings by name. */
export type Suggested = Readonly<Record<string, string | number | null>>;

export interface OptunaStudy {
  /** Absolute. */
  readonly python: string;
  readonly packageFolder: string;
  readonly env: Environment;
  /** Absolute path of the journal that all workers share. */
  readonly journal: string;
  readonly study: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The next training of a study.
 * @param trials trainings in all, of all workers
 * @returns null for the number where there are no more; `running` of them have not ended then
 * @throws OVR702 there is no Optuna, or it cannot be asked; OVR002
 */
export async function nextTrial(
  study: OptunaStudy,
  space: OptunaSpace,
  seed: number,
  trials: number,
): Promise<{ readonly number: number | null; readonly running: number; readonly settings: Suggested }> {
  const {
    number,
    running = 0,
    settings = {},
  } = await ask(study, {
    ask: { study: study.study, seed, trials, space },
  });
  return { number, running, settings };
}

/** Notes what a training came to. @param value log loss; null: it failed @throws OVR702, OVR002 */
export async function tellTrial(study: OptunaStudy, number: number, value: number | null): Promise<void> {
  await ask(study, { tell: { study: study.study, number, value } });
}

async function ask(study: OptunaStudy, question: object): Promise<ReturnType<typeof parseNext>> {
  const { python, packageFolder, env, journal, signal } = study;
  const ended = await runProgram(
    python,
    ['-m', 'overread_torch', 'suggest', journal, JSON.stringify(question)],
    { env: pythonEnvironment(env, packageFolder), timeLimit: answerLimit, ...(signal ? { signal } : {}) },
  );
  throwIfCancelled(signal);
  const line = ended.stdout.trim().split('\n').at(-1) ?? '';
  if (ended.code === 0) return parseNext(line);
  const last = ended.failure ?? ended.stderr.trim().split('\n').at(-1) ?? 'no message';
  throw new OverreadError({
    code: 'OVR702',
    message: `Optuna cannot be asked what to train next: ${last.replace(/^environment: /, '').slice(0, 300)}`,
    fix: 'Run "overread setup-python --sweep", or name a Python that has optuna with --python',
  });
}
