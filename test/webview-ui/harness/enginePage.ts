/**
 * The review page over the built engine: the page asks, this plays the extension host and relays to the real engine,
 * as `GridHost` does. Everything that reaches the page is kept, to be looked through.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import type { ItemQuery, ProjectSummary } from '../../../src/protocol/engineApi';
import type { GridCommand, GridEvents, GridMethods } from '../../../src/protocol/gridApi';
import { checkedGridMethods } from '../../../src/protocol/gridRequests';
import { Rpc } from '../../../src/protocol/rpc';
import { patience } from '../../../scripts/test/patience.mjs';
import { sharedBrowser } from '../../support/browser';
import { forkEngine, type ForkedEngine } from '../../support/forkedEngine';
import { slowDown } from '../../support/slowness';
import { executable } from './browser';
import { themeSheet } from './themes';

const origin = 'http://page.test';
const repository = path.resolve(import.meta.dirname, '../../..');

let bundled: Promise<ReadonlyMap<string, string>> | undefined;

/** The page's files by their path, made once for all test files of a worker. */
async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    bundle: true,
    write: false,
    format: 'esm',
    target: 'chrome130',
    outdir: '/',
    entryPoints: [{ in: path.join(repository, 'webview-ui/grid/main.ts'), out: 'page' }],
  });
  return new Map(outputFiles.map((file) => [`/${path.basename(file.path)}`, file.text]));
}

export class EnginePage {
  /** What the page was sent, as JSON. */
  readonly received: string[] = [];
  /** What the picker answers; null: the person turns away. */
  picked: string | null = null;
  /** Where a list is exported to. */
  exportTo = '';
  /** Live refits that the page was told of. */
  refits = 0;
  /** How often it has ordered anew what was not seen of its list. */
  relists = 0;
  private readonly rpc: Rpc<GridMethods, object, GridEvents, object>;

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    readonly engine: ForkedEngine,
    private readonly root: string,
  ) {
    this.rpc = new Rpc(
      {
        post: (message) => {
          const text = JSON.stringify(message, bytesAsText);
          this.received.push(text);
          // A page that was closed takes no message.
          page
            .evaluate((sent) => window.dispatchEvent(new CustomEvent('host', { detail: sent })), text)
            .catch(() => undefined);
        },
        schedule: (ms, callback) => {
          const timer = setTimeout(callback, ms);
          return { cancel: () => clearTimeout(timer) };
        },
      },
      {
        methods: checkedGridMethods(this.handlers()),
        describeError: (error) => ({
          code: (error as { code?: string }).code ?? 'OVR004',
          message: error instanceof Error ? error.message : String(error),
        }),
      },
    );
  }

  /** Opens the page of a project on disk. */
  static async open(root: string): Promise<EnginePage> {
    bundled ??= bundle();
    const [texts, browser] = await Promise.all([bundled, sharedBrowser(executable ?? '')]);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await slowDown(page);
    page.setDefaultTimeout(2 * patience);
    const engine = forkEngine((event) => {
      if (event === 'refitted') void self.takeRefit();
    });
    const self = new EnginePage(context, page, engine, root);
    await page.exposeFunction('toHost', (text: string) => {
      self.rpc.receive(JSON.parse(text));
    });
    await page.addInitScript(vsCodeApi);
    await page.route(`${origin}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      const text = texts.get(pathname);
      if (pathname === '/') await route.fulfill({ contentType: 'text/html', body: html });
      else if (text !== undefined)
        await route.fulfill({
          contentType: pathname.endsWith('.css') ? 'text/css' : 'text/javascript',
          body: text,
        });
      else await route.fulfill({ contentType: 'image/webp', body: await fs.readFile(pathname) });
    });
    await page.goto(`${origin}/`);
    return self;
  }

  /** Has the page carry out a command, as a keybinding does. */
  command(command: GridCommand): void {
    this.rpc.emit('command', { command });
  }

  /** Another window, or a task, changed the project. */
  async refresh(what: GridEvents['changed']['what']): Promise<void> {
    this.rpc.emit('changed', { project: await this.summary(), what });
  }

  show(query: ItemQuery): void {
    this.rpc.emit('show', { query });
  }

  private async takeRefit(): Promise<void> {
    this.rpc.emit('refitted', { project: await this.summary() });
    this.refits++;
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.engine.kill();
  }

  private async summary(blind?: boolean): Promise<ProjectSummary> {
    const summary = await this.engine.rpc.call('openProject', this.root, blind);
    return { ...summary, problems: [] };
  }

  private handlers(): GridMethods {
    const { root } = this;
    const { rpc } = this.engine;
    const nothing = (): Promise<void> => Promise.resolve();
    return {
      ready: async () => ({
        project: await this.summary(),
        settings: { tileSize: 160, language: 'en', readOnly: false, role: 'reader' },
        fault: null,
      }),
      query: (query) => rpc.call('query', root, query),
      items: (list, start, count) => rpc.call('items', list, start, count),
      keys: (list) => rpc.call('keys', list),
      pictures: async (samples) =>
        (await rpc.call('thumbnails', root, samples)).map((thumbnail) =>
          'file' in thumbnail ? { sample: thumbnail.sample, uri: `${origin}${thumbnail.file}` } : thumbnail,
        ),
      detail: (key) => rpc.call('detail', root, key),
      pixels: (sample) => rpc.call('pixels', root, sample),
      heatmaps: (samples, output) => rpc.call('heatmaps', root, samples, output),
      edit: (edit) => rpc.call('answer', root, edit),
      setBlind: async (blind, keys) => ({
        project: await this.summary(blind),
        items: (await rpc.call('itemsOf', root, keys)).map(({ key }) => key),
      }),
      undo: () => rpc.call('undo', root),
      redo: () => rpc.call('redo', root),
      pickLabel: (request) => {
        const { picked } = this;
        if (picked === null) return Promise.resolve(null);
        return rpc.call('answer', root, { ...request, op: 'set', value: picked });
      },
      finetune: nothing,
      checkData: nothing,
      refitAnswer: (intervals) => rpc.call('refitAnswer', root, intervals),
      gather: (items, by) => rpc.call('gather', root, items, by),
      setLive: async (live) => ({ ...(await rpc.call('setLive', root, live)), problems: [] }),
      relist: async (query, list, keep) => {
        const next = await rpc.call('relist', root, query, list, keep);
        this.relists++;
        return next;
      },
      endComparison: async () => {
        await rpc.call('compareRun', root, null);
      },
      openFault: nothing,
      retry: nothing,
      showLog: nothing,
      reveal: nothing,
      openImage: nothing,
      copyPath: async (sample) => {
        await rpc.call('imagePath', root, sample);
      },
      exportList: async (list) => {
        await fs.writeFile(this.exportTo, await rpc.call('listCsv', list));
        return true;
      },
      saveQueue: () => Promise.resolve(false),
      maximise: () => Promise.resolve(true),
      restoreWindow: () => Promise.resolve(true),
      focus: nothing,
      log: nothing,
    };
  }
}

const html = `<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8"><title>Review grid</title>
<style>${themeSheet('dark')}</style><link rel="stylesheet" href="/page.css"></head>
<body class="vscode-dark" data-vscode-theme-kind="vscode-dark"><div id="root"></div>
<script type="module" src="/page.js"></script></body></html>`;

/** Pixels and heat maps cross as text. */
function bytesAsText(_key: string, value: unknown): unknown {
  if (value instanceof ArrayBuffer) return { bytes: Buffer.from(value).toString('base64') };
  if (!(value instanceof Float32Array)) return value;
  return { floats: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
}

/** Runs in the page, before it. */
function vsCodeApi(): void {
  // As of a tab that is hidden and shown again: the document is another, what was saved is there.
  let saved: unknown = JSON.parse(sessionStorage.getItem('saved') ?? 'null');
  const bytes = (text: unknown): ArrayBuffer =>
    Uint8Array.from(atob(String(text)), (character) => character.charCodeAt(0)).buffer;
  const revive = (_key: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if ('bytes' in value) return bytes(value.bytes);
    return 'floats' in value ? new Float32Array(bytes(value.floats)) : value;
  };
  window.addEventListener('host', (event) => {
    window.postMessage(JSON.parse((event as CustomEvent<string>).detail, revive), '*');
  });
  Object.assign(globalThis, {
    savedState: () => JSON.stringify(saved),
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => {
        void (globalThis as unknown as { toHost(text: string): Promise<void> }).toHost(
          JSON.stringify(message),
        );
      },
      getState: () => saved,
      setState: (state: unknown) => {
        saved = state;
        sessionStorage.setItem('saved', JSON.stringify(state));
      },
    }),
  });
}
