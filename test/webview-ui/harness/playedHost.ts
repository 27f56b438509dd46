/**
 * The extension host of the review, played in the page. The catalog is a real project's, behind the built engine, in the
 * test's process (catalogHost.ts); pixels and heat maps are drawn here (drawnImages.ts).
 */
import type { GridEvents, GridMethods } from '../../../src/protocol/gridApi';
import { checkedGridMethods } from '../../../src/protocol/gridRequests';
import { Rpc } from '../../../src/protocol/rpc';
import type { CatalogAnswer, CatalogMethods } from './catalogHost';
import { film, heatmapOf, numberOf, pixelsOf, scan } from './drawnImages';
import { madeUpOf } from './options';

type Held = Readonly<Record<'wait', Promise<void>> & Record<'release', () => void>>;

/** The host of one page, from its start to its end. */
export class PlayedHost {
  readonly calls: { readonly method: string; readonly params: readonly unknown[] }[] = [];
  /** The next edit, undo or redo fails with this sentence. */
  failure: string | undefined;
  /** Heat maps fail with this sentence. */
  heatFailure: string | undefined;
  private startFailure: string | undefined;
  /** Methods that are answered once they are released. */
  private readonly held = new Map<string, Held>();
  private isOver = false;
  private readonly rpc: Rpc<GridMethods, object, GridEvents, object>;

  /** @param options of the page's address */
  constructor(private readonly options: URLSearchParams) {
    this.startFailure = this.text('startfailure', '') || undefined;
    this.heatFailure = this.text('heatfailure', '') || undefined;
    this.rpc = new Rpc<GridMethods, object, GridEvents, object>(
      {
        post: (message) => {
          // The next page in this document would take it as its own.
          if (!this.isOver) window.postMessage(message, '*');
        },
        schedule: (ms, callback) => {
          const timer = setTimeout(callback, ms);
          return { cancel: () => clearTimeout(timer) };
        },
      },
      {
        methods: checkedGridMethods(this.holdable(this.methods())),
        describeError: (error) => ({
          code: (error as { code?: string }).code ?? 'OVR004',
          message: error instanceof Error ? error.message : String(error),
        }),
        onUnknown: (what) => {
          this.calls.push({ method: `unknown ${what}`, params: [] });
        },
      },
    );
  }

  /** Takes a message of the page, as a copy, as the real one does. */
  receive(message: unknown): void {
    const { method, params } = message as { method: string; params: readonly unknown[] };
    this.calls.push({ method, params });
    this.rpc.receive(structuredClone(message));
  }

  emit<E extends keyof GridEvents>(event: E, payload: GridEvents[E]): void {
    this.rpc.emit(event, payload);
  }

  /** A method is not answered before it is released. */
  hold(method: keyof GridMethods): void {
    let release = (): void => undefined;
    const wait = new Promise<void>((resolve) => (release = resolve));
    this.held.set(method, { wait, release });
  }

  release(method: keyof GridMethods): void {
    this.held.get(method)?.release();
    this.held.delete(method);
  }

  /** Says no more. */
  end(): void {
    this.isOver = true;
  }

  private text(name: string, usual: string): string {
    return this.options.get(name) ?? usual;
  }

  private number(name: string, usual: number): number {
    return Number(this.text(name, String(usual)));
  }

  /** The same methods, each of which waits while it is held. */
  private holdable(methods: GridMethods): GridMethods {
    const all = Object.entries(methods) as [string, (...params: unknown[]) => Promise<unknown>][];
    return Object.fromEntries(
      all.map(([name, run]) => [
        name,
        async (...params: unknown[]): Promise<unknown> => {
          await this.held.get(name)?.wait;
          return run(...params);
        },
      ]),
    ) as unknown as GridMethods;
  }

  /** Works after the delay that the page was opened with. */
  private async later<T>(work: () => T | Promise<T>): Promise<T> {
    const ms = this.number('delay', 0);
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    return work();
  }

  /** A method of the catalog. */
  private relayed<M extends keyof CatalogMethods>(
    method: M,
  ): (...params: Parameters<CatalogMethods[M]>) => ReturnType<CatalogMethods[M]> {
    return (...params) => this.later(() => ask(method, params)) as ReturnType<CatalogMethods[M]>;
  }

  /** The same, unless the next edit is to fail. */
  private failing<M extends keyof CatalogMethods>(
    method: M,
  ): (...params: Parameters<CatalogMethods[M]>) => ReturnType<CatalogMethods[M]> {
    return (...params) =>
      this.later(() => {
        const message = this.failure;
        this.failure = undefined;
        if (message !== undefined) throw Object.assign(new Error(message), { code: 'OVR405' });
        return ask(method, params);
      }) as ReturnType<CatalogMethods[M]>;
  }

  private methods(): GridMethods {
    const { classes, findings } = madeUpOf(this.options);
    const outputs = findings.length > 0 ? findings : classes;
    const nothing = (): Promise<void> => Promise.resolve();
    return {
      ready: () =>
        this.later(async () => {
          if (this.startFailure !== undefined)
            throw Object.assign(new Error(this.startFailure), { code: 'OVR101' });
          return {
            project: await ask('summary', []),
            settings: {
              tileSize: this.number('tile', 160),
              language: this.text('language', 'en'),
              readOnly: this.text('readonly', '0') === '1',
              role: 'reader' as const,
            },
            fault: null,
          };
        }),
      query: this.relayed('query'),
      items: this.relayed('items'),
      keys: this.relayed('keys'),
      pictures: (samples) => this.later(() => samples.map(pictureOf)),
      detail: this.relayed('detail'),
      pixels: (sample) =>
        this.later(() =>
          this.text('dicom', '0') === '1'
            ? scan()
            : this.text('film', '0') === '1'
              ? film()
              : pixelsOf(numberOf(sample)),
        ),
      heatmaps: (samples, output) =>
        this.later(() => {
          if (this.heatFailure !== undefined)
            throw Object.assign(new Error(this.heatFailure), { code: 'OVR501' });
          return samples
            .filter((sample) => !isBroken(sample))
            .map((sample) => heatmapOf(sample, output, outputs.indexOf(output), this.options));
        }),
      edit: this.failing('edit'),
      setBlind: this.relayed('setBlind'),
      undo: this.failing('undo'),
      redo: this.failing('redo'),
      pickLabel: () => Promise.resolve(null),
      finetune: () =>
        this.later(async () => {
          this.emit('changed', { project: await ask('finetune', []), what: ['runs'] });
        }),
      checkData: nothing,
      refitAnswer: () => Promise.resolve(null),
      gather: () => Promise.resolve([]),
      setLive: this.relayed('summary'),
      relist: this.relayed('query'),
      endComparison: nothing,
      openFault: nothing,
      retry: () =>
        this.later(() => {
          this.startFailure = undefined;
        }),
      showLog: nothing,
      reveal: nothing,
      openImage: nothing,
      copyPath: nothing,
      exportList: () => Promise.resolve(true),
      saveQueue: () => Promise.resolve(true),
      maximise: () => Promise.resolve(true),
      restoreWindow: () => Promise.resolve(true),
      focus: () => this.later(() => undefined),
      log: nothing,
    };
  }
}

async function ask<M extends keyof CatalogMethods>(
  method: M,
  params: Parameters<CatalogMethods[M]>,
): Promise<Awaited<ReturnType<CatalogMethods[M]>>> {
  const answer = JSON.parse(await window.toCatalog(JSON.stringify([method, params]))) as CatalogAnswer;
  if ('error' in answer) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
  return answer.value as Awaited<ReturnType<CatalogMethods[M]>>;
}

function pictureOf(sample: string): Awaited<ReturnType<GridMethods['pictures']>>[number] {
  const n = numberOf(sample);
  return isBroken(sample)
    ? { sample, error: 'The image ends after 1,204 of 20,480 bytes' }
    : { sample, uri: new URL(`/picture/${n % 24}.png?of=${n}`, location.href).href };
}

/** An image that cannot be read has no picture and no heat map. */
function isBroken(sample: string): boolean {
  return numberOf(sample) % 31 === 5;
}
