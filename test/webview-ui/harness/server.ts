/** Serves the page as the extension host does: same HTML, same content security policy. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { build } from 'esbuild';
import sharp from 'sharp';
import { random } from './random';
import { themeKinds, themeSheet, type ThemeName } from './themes';

const root = path.resolve('.');

/** Pages whose host is made up; the review's asks the engine. */
const ownHosts = ['comparison', 'run', 'newProject', 'dicom', 'cohorts', 'map', 'training'] as const;

export function hasOwnHost(bundle: unknown): boolean {
  return ownHosts.some((page) => page === bundle);
}

export interface HarnessServer {
  readonly origin: string;
}

interface Served {
  readonly type: string;
  readonly body: Buffer;
}

/**
 * Serves the pages, and the hosts that are played in them, on a free port of this machine for as long as this process has something
 * else to do.
 */
export async function startHarness(): Promise<HarnessServer> {
  const kept = new Map<string, Promise<Served | undefined>>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const isKept = !['/index.html', '/theme.css'].includes(url.pathname);
    const file = (isKept ? kept.get(url.pathname) : undefined) ?? make(url);
    if (isKept) kept.set(url.pathname, file);
    file.then(
      (made) => {
        if (made === undefined) {
          response.writeHead(404).end();
          return;
        }
        const caching = isKept ? { 'cache-control': 'max-age=3600, immutable' } : {};
        response.writeHead(200, { 'content-type': made.type, ...caching }).end(made.body);
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.unref().listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}` };
}

async function make({ pathname, search, searchParams }: URL): Promise<Served | undefined> {
  if (pathname === '/index.html') return { type: 'text/html', body: Buffer.from(await html(search)) };
  if (pathname === '/theme.css') {
    const theme = (searchParams.get('theme') ?? 'dark') as ThemeName;
    return { type: 'text/css', body: Buffer.from(themeSheet(theme)) };
  }
  const picture = /^\/picture\/(\d+)\.png$/.exec(pathname)?.[1];
  if (picture !== undefined) return { type: 'image/png', body: await phantom(Number(picture)) };
  const [, name = '', kind] = /^\/(\w+)\.(js|css)$/.exec(pathname) ?? [];
  const entry = entries.get(name);
  if (entry === undefined) return undefined;
  const body = (await bundle(name, entry)).get(pathname);
  return body && { type: kind === 'css' ? 'text/css' : 'text/javascript', body };
}

/** What is bundled, by its name in the page. */
const entries: ReadonlyMap<string, string> = new Map([
  ['page', 'test/webview-ui/harness/review.ts'],
  ...['host', 'leaks', ...ownHosts.map((page) => `${page}Host`)].map(
    (name) => [name, `test/webview-ui/harness/${name}.ts`] as const,
  ),
  ...ownHosts.map((page) => [page, `webview-ui/${page}/main.ts`] as const),
]);

const bundles = new Map<string, Promise<ReadonlyMap<string, Buffer>>>();

/** The script, and the styles where there are any, by their paths; made when they are first asked for, as few files of tests open more than one page. */
function bundle(name: string, entry: string): Promise<ReadonlyMap<string, Buffer>> {
  const made =
    bundles.get(name) ??
    build({
      ...{ bundle: true, write: false, format: 'esm', target: 'chrome130', outdir: '/' },
      entryPoints: [{ in: path.join(root, entry), out: name }],
    }).then(
      ({ outputFiles }) =>
        new Map(outputFiles.map((file) => [`/${path.basename(file.path)}`, Buffer.from(file.contents)])),
    );
  bundles.set(name, made);
  return made;
}

/** As src/extension/pages/renderPage.ts writes it, with 'self' for the webview's source. */
async function html(search: string): Promise<string> {
  const nonce = 'bm9uY2Utb2YtdGhlLWhhcm5lc3M';
  const policy = `default-src 'none'; img-src 'self'; font-src 'self'; style-src 'self' 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  const theme = new URLSearchParams(search).get('theme') ?? 'dark';
  const bundle = new URLSearchParams(search).get('bundle') ?? 'page';
  const [host, styles] = hasOwnHost(bundle) ? [`${bundle}Host`, bundle] : ['host', 'page'];
  const kind = themeKinds[theme as ThemeName];
  const texts = new URLSearchParams(search).has('pseudo') ? await pseudoTexts() : '';
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<title>Review grid</title>${texts}
<link rel="icon" href="/picture/0.png">
<link rel="stylesheet" href="/theme.css?theme=${theme}">
<link rel="stylesheet" href="/${styles}.css">
</head>
<body class="${kind}" data-vscode-theme-kind="${kind}">
<div id="root"></div>
<script type="module" nonce="${nonce}" src="/${host}.js"></script>
<script type="module" nonce="${nonce}" src="/${bundle}.js"></script>
</body>
</html>`;
}

/** A translation of every text into itself between brackets, as the host hands a translation in. */
async function pseudoTexts(): Promise<string> {
  // It comes with the TypeScript compiler.
  const { collectTexts } = await import('../../../scripts/texts/collect');
  const texts = collectTexts(root).map((text) => [text, `⟦${text}⟧`]);
  const content = JSON.stringify(Object.fromEntries(texts))
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;');
  return `<meta name="overread-texts" content="${content}">`;
}

/** A thumbnail that looks a little like a chest. */
async function phantom(n: number): Promise<Buffer> {
  const [width, height] = n % 5 === 4 ? [256, 160] : [216, 256];
  const next = random(n + 7);
  const [tilt, heart] = [next() * 0.2 - 0.1, 0.2 + 0.2 * next()];
  const grey = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++) {
    const v = (y / height - 0.5) * 2;
    const lean = tilt * (y / height - 0.5);
    const [lungs, blobs] = [Math.exp(-((v / 0.62) ** 4)), Math.exp(-(((v - 0.25) / (heart * 1.2)) ** 2))];
    const rib = 0.1 * Math.sin(v * 24);
    for (let x = 0; x < width; x++) {
      const u = (x / width - 0.5) * 2 + lean;
      const body = Math.max(0, 1 - u * u * 0.8 - v * v * 0.5);
      const lung = lungs * Math.exp(-(((Math.abs(u) - 0.42) / 0.24) ** 2));
      const blob = blobs * Math.exp(-(((u + 0.15) / heart) ** 2));
      const light = body * (0.8 - 0.62 * lung) + 0.35 * blob + rib * lung + 0.05 * next();
      grey[y * width + x] = 255 * Math.min(1, Math.max(0, light));
    }
  }
  return sharp(grey, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}
