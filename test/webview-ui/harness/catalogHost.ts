/**
 * The project behind an open page, in the test's process: real, on disk, served by the built engine. What the page asks
 * of the catalog comes here, by name, from the host that harness/host.ts plays in the page.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { ProjectSummary } from '../../../src/protocol/engineApi';
import type { GridMethods } from '../../../src/protocol/gridApi';
import { forkEngine, type ForkedEngine } from '../../support/forkedEngine';
import { isThere, keep, keptPlace } from '../../support/kept';
import { copyProject } from '../../support/readyProjects';
import { makeUp, makeUpRun, type MadeUp } from './madeUpProject';

/** What the engine answers; pictures and the like are played in the page. */
export type CatalogMethods = Pick<
  GridMethods,
  'query' | 'items' | 'keys' | 'detail' | 'edit' | 'setBlind' | 'undo' | 'redo'
> & {
  readonly summary: () => Promise<ProjectSummary>;
  /** Fine-tunes anew; gives the project after it. */
  readonly finetune: () => Promise<ProjectSummary>;
};

export interface OpenProject {
  readonly methods: CatalogMethods;
  /** The page that shows it is closed: another may have it, if it is as it was made. */
  giveBack(): void;
}

/** What crosses between page and test: a value, or what an error says. */
export type CatalogAnswer =
  { readonly value: unknown } | { readonly error: { code: string; message: string } };

/** The engine of a worker: its files open their projects in it, since it takes as long to start as a test does. It ends with the worker. */
let shared: ForkedEngine | undefined;

function sharedEngine(): ForkedEngine {
  if (shared?.child.connected !== true)
    shared = forkEngine(undefined, { env: { OVERREAD_ANNOTATOR: 'A. Reader' } });
  return shared;
}

/** The projects of a test file, in one engine, as a window has them. */
export class CatalogHost {
  private constructor(
    private readonly engine: ForkedEngine,
    private readonly folder: string,
  ) {}

  private projects = 0;

  /** The folders of projects that a page was done with and nothing was written to, by what they were made of. */
  private readonly unchanged = new Map<string, string[]>();

  static async start(): Promise<CatalogHost> {
    const folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-page-')));
    return new CatalogHost(sharedEngine(), folder);
  }

  /** A project that no other page has open or has written to. */
  async open(made: MadeUp, blind: boolean): Promise<OpenProject> {
    const kind = JSON.stringify(made);
    const root = this.unchanged.get(kind)?.pop() ?? (await this.copy(made));
    // What a blind reader looks at is noted.
    let isChanged = blind;
    const { rpc } = this.engine;
    const summary = async (asked?: boolean): Promise<ProjectSummary> => {
      const { problems: _, ...rest } = await rpc.call('openProject', root, asked);
      return { ...rest, problems: [] };
    };
    if (blind) await summary(true);
    const changing =
      <Params extends readonly unknown[], T>(change: (...params: Params) => Promise<T>) =>
      (...params: Params): Promise<T> => {
        isChanged = true;
        return change(...params);
      };
    return {
      methods: {
        summary: () => summary(),
        query: (query) => rpc.call('query', root, query),
        items: (list, start, count) => rpc.call('items', list, start, count),
        keys: (list) => rpc.call('keys', list),
        detail: (key) => rpc.call('detail', root, key),
        edit: changing((edit) => rpc.call('answer', root, edit)),
        setBlind: changing(async (now, keys) => ({
          project: await summary(now),
          items: (await rpc.call('itemsOf', root, keys)).map(({ key }) => key),
        })),
        undo: changing(() => rpc.call('undo', root)),
        redo: changing(() => rpc.call('redo', root)),
        finetune: changing(async () => {
          await makeUpRun(root, made.randomWeights, 'second');
          return summary();
        }),
      },
      giveBack: () => {
        if (!isChanged) this.unchanged.set(kind, [...(this.unchanged.get(kind) ?? []), root]);
      },
    };
  }

  private async copy(made: MadeUp): Promise<string> {
    const root = path.join(this.folder, String(this.projects++));
    await copyProject(await keptProject(made), root);
    return root;
  }

  async close(): Promise<void> {
    // The engine may still note what was looked at.
    await fs.rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** The folder of the project, not to be written to: it is made once for all runs of the tests. */
async function keptProject(made: MadeUp): Promise<string> {
  // Forty long names of classes are longer than a folder's may be.
  const name = createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 16);
  const place = await keptPlace('page-projects', ['test/webview-ui/harness/madeUpProject.ts'], name);
  if (!(await isThere(place))) await keep(place, (folder) => makeUp(folder, made));
  return place;
}

/** Calls one of the methods as the page asked; never rejects, since what is thrown does not cross whole. */
export async function answerPage(
  methods: CatalogMethods,
  method: keyof CatalogMethods,
  params: readonly unknown[],
): Promise<CatalogAnswer> {
  try {
    const call = methods[method] as (...params: readonly unknown[]) => Promise<unknown>;
    return { value: await call(...params) };
  } catch (error) {
    const { code, message } = error as Error & { readonly code?: string };
    return { error: { code: code ?? 'OVR004', message } };
  }
}
