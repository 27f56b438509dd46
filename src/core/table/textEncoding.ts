/** In which encoding a CSV file is written. UTF-8 is the rule; spreadsheets write two others. */

export type TextEncoding = 'UTF-8' | 'UTF-16' | 'UTF-16 (big-endian)' | 'Windows-1252';

/** What the first bytes of a file say; undefined where only the whole file tells. */
export function encodingMark(beginning: Uint8Array): TextEncoding | undefined {
  const [first, second, third] = beginning;
  if (first === 0xff && second === 0xfe) return 'UTF-16';
  if (first === 0xfe && second === 0xff) return 'UTF-16 (big-endian)';
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'UTF-8';
  return undefined;
}

/** Text from bytes that come in pieces, cut anywhere; a byte order mark is left out. */
export function decoderOf(encoding: TextEncoding): InstanceType<typeof TextDecoder> {
  const labels: Readonly<Record<TextEncoding, string>> = {
    'UTF-8': 'utf-8',
    'UTF-16': 'utf-16le',
    'UTF-16 (big-endian)': 'utf-16be',
    'Windows-1252': 'windows-1252',
  };
  return new TextDecoder(labels[encoding]);
}
