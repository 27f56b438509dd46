/** The HTML of a page: a strict content security policy, the page's own bundle and nothing from data. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { PageRow } from '../manifest/pageRows';

/** The editor's language, and its texts by the English ones; none in English. */
interface Language {
  /** BCP 47, for screen readers. */
  readonly language: string;
  readonly translations: Readonly<Record<string, string>> | undefined;
}

/**
 * Scripts run by nonce only. Styles come from the bundle; the UI toolkit adopts constructed style sheets,
 * which no policy concerns, and looks for the nonce in the `csp-nonce` property. The editor's translations stand in
 * the head, so that a page has its texts before it draws; in English there are none.
 */
export function renderPage(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  page: PageRow,
  { language, translations }: Language = { language: vscode.env.language, translations: vscode.l10n.bundle },
): string {
  const nonce = randomBytes(16).toString('base64url');
  const asset = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', file)).toString();
  const policy = [
    "default-src 'none'",
    ...(['img-src', 'font-src'] as const).map((directive) =>
      [directive, webview.cspSource, ...(page.allows?.[directive] ?? [])].join(' '),
    ),
    ...(page.allows?.['worker-src'] ? [`worker-src ${page.allows['worker-src'].join(' ')}`] : []),
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  const texts = translations
    ? `<meta name="overread-texts" content="${attribute(JSON.stringify(translations))}">\n`
    : '';
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Overread</title>
${texts}<link rel="stylesheet" href="${asset(`webview-${page.name}.css`)}">
</head>
<body>
<div id="root"></div>
<script type="module" nonce="${nonce}" src="${asset(`webview-${page.name}.js`)}"></script>
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
