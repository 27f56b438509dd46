/** The best setting and the default as runs, which can be reviewed, compared and exported as any other. */
import { Type } from '@sinclair/typebox';
import { JsonFault, jsonReader } from '../base/checkedJson';
import { isErrnoException } from '../base/errnoException';
import { readPlainFile } from '../base/readPlain';
import { parseArchitectures } from '../comparisons/requests';
import type { Project } from '../project/project';
import { finetune } from '../runs/finetune';
import { listRunNames } from '../runs/folder';
import { makeRun, type MakeRunOptions } from '../runs/makeRun';
import { torchTrainer } from '../trainers/torch/torchTrainer';
import { isDeep, torchRequestOf } from './deepSetting';
import type { DeepRequest } from './deepTrials';
import type { BothRuns, SweepSetting } from './model';
import type { SweepOptions } from './options';
import type { TrialStore } from './trialStore';

interface Chosen {
  readonly key: string;
  readonly setting: SweepSetting;
}

export interface ChosenSettings {
  readonly best: Chosen;
  readonly default: Chosen;
  readonly torch: DeepRequest | undefined;
}

/** Which runs were made of which settings: a sweep that is asked again makes no others. */
const runsFile = 'runs.json';
const parseRuns = jsonReader(
  Type.Object({ v: Type.Literal(1), runs: Type.Record(Type.String(), Type.String()) }),
);

/** Makes the runs that are not there yet, the default's first, so that the best is the newest. */
export async function makeBothRuns(
  project: Project,
  store: TrialStore,
  chosen: ChosenSettings,
  options: SweepOptions,
): Promise<BothRuns> {
  const made = await readMade(project, store);
  const there = new Set(await listRunNames(project.root));
  const runOf = async ({ key, setting }: Chosen, name: string): Promise<string> => {
    const known = made.get(key);
    if (known !== undefined && there.has(known)) return known;
    const run = await makeOne(project, setting, name, chosen.torch, store, options);
    made.set(key, run);
    there.add(run);
    const content = { v: 1, runs: Object.fromEntries(made) };
    await project.folder.writeFile(`${store.name}/${runsFile}`, `${JSON.stringify(content, null, 2)}\n`);
    return run;
  };
  const own = await runOf(chosen.default, 'sweep-default');
  return { default: own, best: await runOf(chosen.best, 'sweep-best') };
}

async function makeOne(
  project: Project,
  setting: SweepSetting,
  name: string,
  torch: DeepRequest | undefined,
  store: TrialStore,
  options: SweepOptions,
): Promise<string> {
  const { network, truncate, C } = setting;
  const [request] = network === undefined ? [] : parseArchitectures(network, project.root);
  const common: MakeRunOptions = {
    env: options.env,
    cacheDir: options.cacheDir,
    versions: options.versions,
    name,
    ...(options.device === undefined ? {} : { device: options.device }),
    ...(options.policy === undefined ? {} : { policy: options.policy }),
    ...(options.inferenceProgram === undefined ? {} : { inferenceProgram: options.inferenceProgram }),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    ...(options.log ? { log: options.log } : {}),
  };
  const weights = request ? { architecture: request.architecture, weights: request.weights } : {};
  if (torch && isDeep(setting, project.config)) {
    const asked = {
      ...torch,
      ...torchRequestOf(setting, project.config, project.root),
      outOfFold: false,
      workFolder: `${store.name}/run-${name}`,
    };
    return (await makeRun(project.root, torchTrainer, asked, common)).run;
  }
  const asked = { ...weights, truncate, ...(C === undefined ? {} : { C: [C] }) };
  return (await finetune(project.root, { ...common, ...asked })).run;
}

async function readMade(project: Project, store: TrialStore): Promise<Map<string, string>> {
  try {
    const bytes = await readPlainFile(project.folder.path(store.name, runsFile));
    return new Map(Object.entries(parseRuns(Buffer.from(bytes).toString('utf8')).runs));
  } catch (error) {
    if (error instanceof JsonFault || (isErrnoException(error) && error.code === 'ENOENT')) return new Map();
    throw error;
  }
}
