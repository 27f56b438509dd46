/** Runs in the page before it: plays VS Code and the extension host over a synthetic project. */
import type { DetailPixels, Heatmap } from '../../../src/protocol/engineApi';
import type { GridEvents, GridMethods } from '../../../src/protocol/gridApi';
import { checkedGridMethods } from '../../../src/protocol/gridRequests';
import { Rpc } from '../../../src/protocol/rpc';
import { FakeProject, random, type FakeItem } from './fakeProject';

const url = new URL(location.href);
const text = (name: string, usual: string): string => url.searchParams.get(name) ?? usual;
const number = (name: string, usual: number): number => Number(text(name, String(usual)));
const list = (name: string, usual: string): readonly string[] => text(name, usual).split(',').filter(Boolean);

const project = new FakeProject({
  images: number('images', 690),
  classes: list('classes', 'normal,pneumonia,effusion'),
  findings: list('findings', ''),
  run: text('run', '1') === '1',
  randomWeights: text('random', '0') === '1',
  seed: number('seed', 1),
});
project.blind = text('blind', '0') === '1';
const delay = number('delay', 0);
/** What heat maps cover: all, the middle (a crop), or more than the image (a padded one). */
const regions: Readonly<Record<string, Heatmap['region']>> = {
  whole: { left: 0, top: 0, width: 1, height: 1 },
  crop: { left: 0.125, top: 0.125, width: 0.75, height: 0.75 },
  padded: { left: -0.25, top: 0, width: 1.5, height: 1 },
};
const lists = new Map<string, readonly FakeItem[]>();
const calls: { readonly method: string; readonly params: readonly unknown[] }[] = [];
let nextList = 1;
let failure: string | undefined;
let heatFailure = text('heatfailure', '') || undefined;

const later = <T>(work: () => T, ms = delay): Promise<T> =>
  new Promise((resolve, reject) => {
    setTimeout(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    }, ms);
  });

function failing<T>(work: () => T): Promise<T> {
  return later(() => {
    if (failure !== undefined) {
      const message = failure;
      failure = undefined;
      throw Object.assign(new Error(message), { code: 'OVR405' });
    }
    return work();
  });
}

const handlers: GridMethods = {
  ready: () =>
    later(() => ({
      project: project.summary(),
      settings: {
        tileSize: number('tile', 160),
        language: text('language', 'en'),
        readOnly: text('readonly', '0') === '1',
      },
    })),
  query: (query) =>
    later(() => {
      const { rows, confusion } = project.query(query);
      const name = `list-${nextList++}`;
      lists.set(name, rows);
      return { list: name, total: rows.length, confusion };
    }),
  items: (name, start, count) =>
    later(() => (lists.get(name) ?? []).slice(start, start + count).map((item) => project.seen(item))),
  keys: (name) => later(() => (lists.get(name) ?? []).map((item) => item.key)),
  pictures: (samples) =>
    later(() =>
      samples.map((sample) => {
        const n = numberOf(sample);
        return n % 31 === 5
          ? { sample, error: 'The image ends after 1,204 of 20,480 bytes' }
          : { sample, uri: new URL(`/picture/${n % 24}.png?of=${n}`, location.href).href };
      }),
    ),
  detail: (key) => later(() => project.detail(key)),
  pixels: (sample) => later(() => pixelsOf(numberOf(sample))),
  heatmaps: (samples, output) =>
    later(
      () => {
        if (heatFailure !== undefined) throw Object.assign(new Error(heatFailure), { code: 'OVR501' });
        // As with a broken picture: an image that cannot be read has none.
        return samples
          .filter((sample) => numberOf(sample) % 31 !== 5)
          .map((sample) => heatmapOf(sample, output));
      },
      number('heatdelay', delay),
    ),
  edit: (edit) =>
    failing(() => {
      const on = lists.get(edit.list) ?? [];
      project.answer(edit.items === 'all' ? on.map(({ key }) => key) : edit.items);
      const outcome = project.edit(edit, on);
      return { ...outcome, items: outcome.items.map((item) => project.seen(item)) };
    }),
  setBlind: (blind, items) =>
    later(() => {
      project.blind = blind;
      return { project: project.summary(), items };
    }),
  undo: () => failing(() => project.undo()),
  redo: () => failing(() => project.redo()),
  pickLabel: () => Promise.resolve(null),
  finetune: () =>
    later(() => {
      project.run = 'second';
      project.train();
      emit('changed', { project: project.summary(), what: ['runs'] });
    }),
  reveal: () => Promise.resolve(),
  openImage: () => Promise.resolve(),
  copyPath: () => Promise.resolve(),
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
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = (x / width - 0.5) * 2;
      const v = (y / height - 0.5) * 2;
      const body = Math.max(0, 1 - u * u * 0.9 - v * v * 0.7);
      const lung = Math.exp(-(((Math.abs(u) - 0.42) / 0.24) ** 2) - (v / 0.62) ** 4);
      const ribs = 0.08 * Math.sin(v * 26 + Math.abs(u) * 5) * lung;
      const grey = Math.max(0, Math.min(1, body * (0.85 - 0.6 * lung) + ribs + 0.03 * next()));
      samples[y * width + x] = Math.round(grey * most);
    }
  }
  return { width, height, channels: 1, bits, data: samples.buffer };
}

/**
 * A map of 7 × 7: one blob of evidence, in the left half for the first class, then further and further right, and
 * evidence against around it. `heat=flat`: nothing speaks for the output.
 */
function heatmapOf(sample: string, output: string): Heatmap {
  const outputs = project.multiLabel ? project.options.findings : project.options.classes;
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
    methods: checkedGridMethods(handlers),
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

/** A page that another one is loaded into is that one's beginning, unless it is a reload of the same. */
const stateKey = `vscode-state ${new URLSearchParams(location.search).get('instance') ?? ''}`;
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
    project,
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
