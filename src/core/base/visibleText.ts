/**
 * Text of data as a person may safely be shown it, in a terminal, a log or a message of the editor. What would
 * command a terminal, break a line or turn the reading direction stands there as an escape that can be read.
 * Nothing here imports anything: the extension host shares it.
 */

/**
 * C0 and C1 controls and DEL, the separators of lines and paragraphs, the marks, embeddings, overrides and isolates
 * of bidirectional text, characters without width that hide a difference (the joiners of emoji and of Arabic and
 * Indic scripts stay), interlinear annotations, variation tags, and surrogates that stand alone.
 */
const beyondC0 =
  '\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb' +
  '\\u{e0000}-\\u{e007f}\\p{Cs}';
const unseen = new RegExp(`[\\u0000-\\u001f${beyondC0}]`, 'gu');
/** In JSON C0 is escaped already, and line feeds between the values are its layout. */
const unseenInJson = new RegExp(`[${beyondC0}]`, 'gu');

/** Of a longer sentence the middle is left out, characters. */
export const sentenceLimit = 1000;

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with every control, line feed and bidirectional mark as an escape: `\x1b`, `\n`, `\u202e`. */
export function visibleText(text: string): string {
  return text.replaceAll(unseen, (character) => {
    const short = named[character];
    if (short !== undefined) return short;
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/**
 * The text if it has at most `limit` characters, else its start and its end with the number left out between: a
 * sentence around a value of megabytes still says what it has to say.
 */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = Math.floor(limit / 3);
  const start = limit - end;
  const left = (text.length - start - end).toLocaleString('en');
  return `${text.slice(0, start)}… ${left} characters left out …${text.slice(-end)}`;
}

/** A value of data inside a sentence: at most 200 characters of it. */
export function shownValue(value: string): string {
  return shortened(value, 200);
}

/**
 * JSON as it may be printed: the same document, with what `visibleText` shows written as JSON escapes. JSON itself
 * escapes only C0.
 */
export function visibleJson(json: string): string {
  return json.replaceAll(unseenInJson, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      const unit = character.charCodeAt(at);
      return `\\u${unit.toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}
