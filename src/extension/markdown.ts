/** Markdown for hovers and tooltips. Text of data inside it is shown as it is, whatever it holds. */
import * as vscode from 'vscode';
import { shortened, visibleText } from '../core/base/visibleText';

/**
 * Every character of ASCII punctuation may be escaped, so all are that mean something: then no text makes a link, an
 * image, a table, HTML, or what VS Code links by itself (`https://…`, `www.…`, `a@b.c`).
 */
export function escapeMarkdown(text: string): string {
  return visibleText(shortened(text, 2000)).replace(/[!"#$&()*+\-./:;<=>?@[\\\]^_`{|}~]/g, '\\$&');
}

/** A link where the address is one of the web, else its text alone. */
export function markdownLink(text: string, url: string): string {
  if (!/^https?:\/\/[^\s<>"\\]+$/.test(url)) return escapeMarkdown(text);
  return `[${escapeMarkdown(text)}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

/** Markdown without commands, HTML or icons; the text of data in it has gone through `escapeMarkdown`. */
export function markdown(text: string): vscode.MarkdownString {
  const result = new vscode.MarkdownString(text);
  result.isTrusted = false;
  result.supportHtml = false;
  result.supportThemeIcons = false;
  return result;
}
