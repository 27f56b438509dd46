/**
 * Runs in the page before it: plays VS Code and the extension host. The catalog is a real project's, behind the built
 * engine, in the test's process (catalogHost.ts); pictures, pixels and heat maps are drawn here.
 */
import type { DetailPixels, Heatmap } from '../../../src/protocol/engineApi';
import type { GridEvents, GridMethods } from '../../../src/protocol/gridApi';
import { checkedGridMethods } from '../../../src/protocol/gridRequests';
import { Rpc } from '../../../src/protocol/rpc';
import type { CatalogAnswer, CatalogMethods } from './catalogHost';
import { madeUpOf } from './options';
import { random } from './random';

const url = new URL(location.href);
const text = (name: string, usual: string): string => url.searchParams.get(name) ?? usual;
const number = (name: string, usual: number): number => Number(text(name, String(usual)));

const { classes, findings } = madeUpOf(url.searchParams);
const delay = number('delay', 0);
/** What heat maps cover: all, the middle (a crop), or more than the image (a padded one). */
const regions: Readonly<Record<string, Heatmap['region']>> = {
  whole: { left: 0, top: 0, width: 1, height: 1 },
  crop: { left: 0.125, top: 0.125, width: 0.75, height: 0.75 },
  padded: { left: -0.25, top: 0, width: 1.5, height: 1 },
};
const calls: { readonly method: string; readonly params: readonly unknown[] }[] = [];
/** Methods that are answered once they are released. */
const held = new Map<string, { readonly wait: Promise<void>; readonly release: () => void }>();
let failure: string | undefined;
let startFailure = text('startfailure', '') || undefined;
let heatFailure = text('heatfailure', '') || undefined;

/** The same methods, each of which waits while it is held. */
function holdable(methods: GridMethods): GridMethods {
  const all = Object.entries(methods) as [string, (...params: unknown[]) => Promise<unknown>][];
  return Object.fromEntries(
    all.map(([name, run]) => [
      name,
      async (...params: unknown[]): Promise<unknown> => {
        await held.get(name)?.wait;
        return run(...params);
      },
    ]),
  ) as unknown as GridMethods;
}

async function later<T>(work: () => T | Promise<T>, ms = delay): Promise<T> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
  return work();
}

/** A method of the catalog, after the delay that the page was opened with. */
const relayed =
  <M extends keyof CatalogMethods>(method: M) =>
  (...params: Parameters<CatalogMethods[M]>): ReturnType<CatalogMethods[M]> =>
    later(() => ask(method, params)) as ReturnType<CatalogMethods[M]>;

/** The same, unless the next edit is to fail. */
const failing =
  <M extends keyof CatalogMethods>(method: M) =>
  (...params: Parameters<CatalogMethods[M]>): ReturnType<CatalogMethods[M]> =>
    later(() => {
      const message = failure;
      failure = undefined;
      if (message !== undefined) throw Object.assign(new Error(message), { code: 'OVR405' });
      return ask(method, params);
    }) as ReturnType<CatalogMethods[M]>;

async function ask<M extends keyof CatalogMethods>(
  method: M,
  params: Parameters<CatalogMethods[M]>,
): Promise<Awaited<ReturnType<CatalogMethods[M]>>> {
  const answer = JSON.parse(await window.toCatalog(JSON.stringify([method, params]))) as CatalogAnswer;
  if ('error' in answer) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
  return answer.value as Awaited<ReturnType<CatalogMethods[M]>>;
}

const handlers: GridMethods = {
  ready: () =>
    later(async () => {
      if (startFailure !== undefined) throw Object.assign(new Error(startFailure), { code: 'OVR101' });
      return {
        project: await ask('summary', []),
        settings: {
          tileSize: number('tile', 160),
          language: text('language', 'en'),
          readOnly: text('readonly', '0') === '1',
          role: 'reader' as const,
        },
        fault: null,
      };
    }),
  query: relayed('query'),
  items: relayed('items'),
  keys: relayed('keys'),
  pictures: (samples) =>
    later(() =>
      samples.map((sample) => {
        const n = numberOf(sample);
        return n % 31 === 5
          ? { sample, error: 'The image ends after 1,204 of 20,480 bytes' }
          : { sample, uri: new URL(`/picture/${n % 24}.png?of=${n}`, location.href).href };
      }),
    ),
  detail: relayed('detail'),
  pixels: (sample) =>
    later(() =>
      text('dicom', '0') === '1' ? scan() : text('film', '0') === '1' ? film() : pixelsOf(numberOf(sample)),
    ),
  heatmaps: (samples, output) =>
    later(() => {
      if (heatFailure !== undefined) throw Object.assign(new Error(heatFailure), { code: 'OVR501' });
      // As with a broken picture: an image that cannot be read has none.
      return samples
        .filter((sample) => numberOf(sample) % 31 !== 5)
        .map((sample) => heatmapOf(sample, output));
    }, delay),
  edit: failing('edit'),
  setBlind: relayed('setBlind'),
  undo: failing('undo'),
  redo: failing('redo'),
  pickLabel: () => Promise.resolve(null),
  finetune: () =>
    later(async () => {
      emit('changed', { project: await ask('finetune', []), what: ['runs'] });
    }),
  checkData: () => Promise.resolve(),
  refitAnswer: () => Promise.resolve(null),
  gather: () => Promise.resolve([]),
  setLive: relayed('summary'),
  relist: relayed('query'),
  endComparison: () => Promise.resolve(),
  openFault: () => Promise.resolve(),
  retry: () =>
    later(() => {
      startFailure = undefined;
    }),
  showLog: () => Promise.resolve(),
  reveal: () => Promise.resolve(),
  openImage: () => Promise.resolve(),
  copyPath: () => Promise.resolve(),
  exportList: () => Promise.resolve(true),
  saveQueue: () => Promise.resolve(true),
  maximise: () => Promise.resolve(true),
  restoreWindow: () => Promise.resolve(true),
  focus: () => later(() => undefined),
  log: () => Promise.resolve(),
};

function numberOf(sample: string): number {
  return Number(/(\d+)\.png$/.exec(sample)?.[1] ?? 0);
}

/** A chest-like phantom: every third in 16 bit. */
function pixelsOf(n: number): DetailPixels {
  const [width, height] = n % 5 === 4 ? [900, 500] : [640, 760];
  const bits = n % 3 === 0 ? 16 : 8;
  const samples = bits === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  const next = random(n + 1);
  const most = bits === 16 ? 20_000 : 255;
  // Of what is a product of both directions, each is worked out once.
  const columns = Array.from({ length: width }, (_, x) => {
    const u = (x / width - 0.5) * 2;
    return { body: u * u * 0.9, lung: Math.exp(-(((Math.abs(u) - 0.42) / 0.24) ** 2)) };
  });
  for (let y = 0; y < height; y++) {
    const v = (y / height - 0.5) * 2;
    const row = { body: 1 - v * v * 0.7, lung: Math.exp(-((v / 0.62) ** 4)), rib: 0.08 * Math.sin(v * 26) };
    for (let x = 0; x < width; x++) {
      const column = columns[x]!;
      const body = Math.max(0, row.body - column.body);
      const lung = row.lung * column.lung;
      const grey = body * (0.85 - 0.6 * lung) + row.rib * lung + 0.03 * next();
      samples[y * width + x] = Math.round(Math.max(0, Math.min(1, grey)) * most);
    }
  }
  return { width, height, channels: 1, bits, data: samples.buffer };
}

/** A film of 2,000 pixels at 16 bit. */
function film(): DetailPixels {
  const [width, height] = [2000, 2000];
  const samples = new Uint16Array(width * height);
  for (let i = 0; i < samples.length; i++) samples[i] = ((i % width) * 13 + ((i / width) | 0) * 7) % 20_000;
  return { width, height, channels: 1, bits: 16, data: samples.buffer };
}

/**
 * As a DICOM file has it: 12 bit of which 0 is -1,024 and each step 1, a bright disc of 40 before a ground of -800, pixels
 * twice as high as wide, two windows.
 */
function scan(): DetailPixels {
  const [width, height] = [256, 128];
  const samples = new Uint16Array(width * height);
  for (let i = 0; i < samples.length; i++) {
    const [x, y] = [(i % width) - width / 2, 2 * (Math.floor(i / width) - height / 2)];
    samples[i] = Math.hypot(x, y) < 90 ? 1064 + (i % 40) : 224 + (i % 60);
  }
  const window = (name: string, center: number, wide: number) =>
    ({
      name,
      window: wide,
      level: center + 1024,
      curve: 'linear',
      written: { width: wide, center },
    }) as const;
  return {
    ...{ width, height, channels: 1, bits: 16, data: samples.buffer, aspect: 2 },
    levels: {
      most: 4095,
      slope: 1,
      intercept: -1024,
      windows: [window('SOFT TISSUE', 40, 400), window('LUNG', -600, 1500)],
    },
  };
}

/**
 * A map of 7 × 7: one blob of evidence, in the left half for the first class, then further and further right, and
 * evidence against around it. `heat=flat`: nothing speaks for the output.
 */
function heatmapOf(sample: string, output: string): Heatmap {
  const outputs = findings.length > 0 ? findings : classes;
  const column = 1 + 2 * outputs.indexOf(output);
  const values = new Float32Array(49);
  for (let y = 0; y < 7; y++) {
    for (let x = 0; x < 7; x++) {
      values[y * 7 + x] =
        text('heat', '') === 'flat' ? -1 : 4 * Math.exp(-((x - column) ** 2 + (y - 3) ** 2) / 2) - 0.4;
    }
  }
  const region = regions[text('region', 'whole')] ?? regions['whole']!;
  const method = text('method', 'cam') as Heatmap['method'];
  return { sample, output, method, width: 7, height: 7, values, region };
}

const rpc = new Rpc<GridMethods, object, GridEvents, object>(
  {
    post: (message) => window.postMessage(message, '*'),
    schedule: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return { cancel: () => clearTimeout(timer) };
    },
  },
  {
    methods: checkedGridMethods(holdable(handlers)),
    describeError: (error) => ({
      code: (error as { code?: string }).code ?? 'OVR004',
      message: error instanceof Error ? error.message : String(error),
    }),
    onUnknown: (what) => {
      calls.push({ method: `unknown ${what}`, params: [] });
    },
  },
);

function emit<E extends keyof GridEvents>(event: E, payload: GridEvents[E]): void {
  rpc.emit(event, payload);
}

const stateKey = 'vscode-state';
let acquired = false;

Object.assign(globalThis, {
  acquireVsCodeApi: () => {
    if (acquired) throw new Error('An instance of the VS Code API has already been acquired');
    acquired = true;
    return {
      postMessage: (message: unknown) => {
        const request = message as { method: string; params: readonly unknown[] };
        calls.push({ method: request.method, params: request.params });
        // What crosses is a copy, as with the real one.
        rpc.receive(structuredClone(message));
      },
      getState: () => JSON.parse(sessionStorage.getItem(stateKey) ?? 'null') as unknown,
      setState: (state: unknown) => sessionStorage.setItem(stateKey, JSON.stringify(state)),
    };
  },
  harness: {
    calls,
    emit,
    /** A method is not answered before it is released. */
    hold: (method: keyof GridMethods) => {
      let release = (): void => undefined;
      const wait = new Promise<void>((resolve) => (release = resolve));
      held.set(method, { wait, release });
    },
    release: (method: keyof GridMethods) => {
      held.get(method)?.release();
      held.delete(method);
    },
    /** Heat maps fail with this sentence, or work again. */
    failHeatmaps: (message: string | null) => {
      heatFailure = message ?? undefined;
    },
    /** The next edit, undo or redo fails with this sentence. */
    failNext: (message: string) => {
      failure = message;
    },
  },
});
