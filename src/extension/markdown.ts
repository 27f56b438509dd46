/** Text of data inside Markdown: shown as it is, whatever it holds. */

export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~]/g, '\\$&');
}

/** A link where the address is one of the web, else its text alone. */
export function markdownLink(text: string, url: string): string {
  if (!/^https?:\/\/[^\s<>"]+$/.test(url)) return escapeMarkdown(text);
  return `[${escapeMarkdown(text)}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}
