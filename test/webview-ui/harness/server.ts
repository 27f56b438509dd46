/** Serves the page as the extension host does: same HTML, same content security policy. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { build } from 'esbuild';
import sharp from 'sharp';
import { collectTexts } from '../../../scripts/texts/collect';
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

/**
 * Bundles the page and the host that is played in it, and serves them on a free port of this machine for as long as this
 * process has something else to do.
 */
export async function startHarness(): Promise<HarnessServer> {
  const files = new Map<string, { readonly type: string; readonly body: Buffer | string }>();
  const common = { bundle: true, write: false, format: 'esm', target: 'chrome130', outdir: '/' } as const;
  const bundles = await Promise.all([
    build({ ...common, entryPoints: [{ in: path.join(root, 'webview-ui/grid/main.ts'), out: 'page' }] }),
    build({
      ...common,
      entryPoints: [{ in: path.join(root, 'test/webview-ui/harness', 'host.ts'), out: 'host' }],
    }),
    build({
      ...common,
      entryPoints: [{ in: path.join(root, 'test/webview-ui/harness', 'leaks.ts'), out: 'leaks' }],
    }),
    ...ownHosts.map((page) =>
      build({
        ...common,
        entryPoints: [
          { in: path.join(root, 'webview-ui', page, 'main.ts'), out: page },
          { in: path.join(root, 'test/webview-ui/harness', `${page}Host.ts`), out: `${page}Host` },
        ],
      }),
    ),
  ]);
  for (const { outputFiles } of bundles) {
    for (const file of outputFiles) {
      const type = file.path.endsWith('.css') ? 'text/css' : 'text/javascript';
      files.set(`/${path.basename(file.path)}`, { type, body: file.text });
    }
  }
  await Promise.all(
    Array.from({ length: 24 }, async (_, n) => {
      files.set(`/picture/${n}.png`, { type: 'image/png', body: await phantom(n) });
    }),
  );
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/index.html') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(html(url.search));
      return;
    }
    if (url.pathname === '/theme.css') {
      const theme = (url.searchParams.get('theme') ?? 'dark') as ThemeName;
      response.writeHead(200, { 'content-type': 'text/css' }).end(themeSheet(theme));
      return;
    }
    const file = files.get(url.pathname);
    if (!file) response.writeHead(404).end();
    else
      response
        .writeHead(200, { 'content-type': file.type, 'cache-control': 'max-age=3600, immutable' })
        .end(file.body);
  });
  await new Promise<void>((resolve) => server.unref().listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}` };
}

/** As src/extension/pages/renderPage.ts writes it, with 'self' for the webview's source. */
function html(search: string): string {
  const nonce = 'bm9uY2Utb2YtdGhlLWhhcm5lc3M';
  const policy = `default-src 'none'; img-src 'self'; font-src 'self'; style-src 'self' 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  const theme = new URLSearchParams(search).get('theme') ?? 'dark';
  const bundle = new URLSearchParams(search).get('bundle') ?? 'page';
  const [host, styles] = hasOwnHost(bundle) ? [`${bundle}Host`, bundle] : ['host', 'page'];
  const kind = themeKinds[theme as ThemeName];
  const texts = new URLSearchParams(search).has('pseudo') ? pseudoTexts() : '';
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
function pseudoTexts(): string {
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
    for (let x = 0; x < width; x++) {
      const u = (x / width - 0.5) * 2 + tilt * (y / height - 0.5);
      const v = (y / height - 0.5) * 2;
      const body = Math.max(0, 1 - u * u * 0.8 - v * v * 0.5);
      const lung = Math.exp(-(((Math.abs(u) - 0.42) / 0.24) ** 2) - (v / 0.62) ** 4);
      const blob = Math.exp(-(((u + 0.15) / heart) ** 2) - ((v - 0.25) / (heart * 1.2)) ** 2);
      const ribs = 0.1 * Math.sin(v * 24 + Math.abs(u) * 5) * lung;
      grey[y * width + x] =
        255 * Math.min(1, Math.max(0, body * (0.8 - 0.62 * lung) + 0.35 * blob + ribs + 0.05 * next()));
    }
  }
  return sharp(grey, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}
