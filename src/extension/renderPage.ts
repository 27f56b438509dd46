/** The HTML of a webview: a strict content security policy, the page's own bundle and nothing from data. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

export interface Page {
  /** The bundle's name in `dist`, without its ending: `webview-grid`. */
  readonly bundle: string;
  /** BCP 47 tag of the editor's language, for screen readers and number formats. */
  readonly language: string;
}

/**
 * Scripts run by nonce only. Styles come from the bundle; the UI toolkit adopts constructed style sheets,
 * which no policy concerns, and looks for the nonce in the `csp-nonce` property.
 */
export function renderPage(webview: vscode.Webview, extensionUri: vscode.Uri, page: Page): string {
  const nonce = randomBytes(16).toString('base64url');
  const asset = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', file)).toString();
  const policy = [
    "default-src 'none'",
    `img-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(page.language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${asset(`${page.bundle}.css`)}">
</head>
<body>
<div id="root"></div>
<script type="module" nonce="${nonce}" src="${asset(`${page.bundle}.js`)}"></script>
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
