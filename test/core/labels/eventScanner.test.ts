/** Lines read from their bytes give what the JSON parser gives, or are left to it. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { endOfTime, isEvent, parseEventLine } from '../../../src/core/labels/events';
import { EventScanner } from '../../../src/core/labels/eventScanner';
import { EventTable } from '../../../src/core/labels/eventTable';
import { randomCases } from '../../support/randomCases';

const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const fields = {
  v: 1,
  id,
  batch: '01BX5ZZKBKACTAV9WEVGEMMVRZ',
  time: '2026-01-31T12:34:56.789Z',
  annotator: 'Änn Lee',
  role: 'reader',
  op: 'set',
  sample: 'farm/王芳.jpg',
};
const lines = [
  { ...fields, finding: 'class', value: 'covid' },
  { ...fields, finding: 'class', value: null, previous: 'normal', reason: 'blurred', run: 'r' },
  { ...fields, finding: 'class', value: 'covid', shown: { queue: 'errors', rank: 3, score: 0.97 }, ms: 900 },
  {
    ...fields,
    finding: 'class',
    value: 'covid',
    shown: { blind: true, suggestion: 'x', propensity: null },
    ms: 0.5,
  },
  { ...fields, op: 'undo', finding: 'class', target: id },
  { ...fields, op: 'exclude', role: 'adjudicator' },
  { ...fields, op: 'keep', finding: 'class', value: 'a "quoted" one' },
].map((event) => JSON.stringify(event));

/** One for all lines, as for those of a file: what it remembers of one line must not turn up in another. */
const scanned = new EventTable();
const scanner = new EventScanner(scanned);
/** What the scanner makes of a line: the event, or undefined where it leaves it to the parser. */
function scan(line: Buffer) {
  const before = scanned.count;
  const taken = scanner.take(line, 0, line.length, { file: 0, line: 1 }, (time) => time < endOfTime);
  if (scanned.count !== before + Number(taken)) throw new Error(`${scanned.count - before} events of a line`);
  return taken ? scanned.event(before) : undefined;
}

const parsedLines = new EventTable();
/** The same through the parser: only what a table keeps. */
function parse(line: Buffer) {
  const parsed = parseEventLine(line.toString('utf8'));
  if (!isEvent(parsed)) return undefined;
  parsedLines.addEvent(parsed);
  return parsedLines.event(parsedLines.count - 1);
}

describe('label lines from their bytes', () => {
  it('are taken where Overread wrote them, but for escapes', () => {
    const taken = lines.map((line) => scan(Buffer.from(line)) !== undefined);
    expect(taken).toEqual([true, true, true, true, true, true, false]);
  });

  it('give what the parser gives', () => {
    for (const line of lines) {
      const event = scan(Buffer.from(line));
      if (event) expect(event).toEqual(parse(Buffer.from(line)));
    }
  });

  it('are no event where a field stands twice, which says two things', () => {
    const line = lines[4]!;
    const twice = [
      line.replace('"op":"undo"', '"op":"set","value":"covid","op":"undo"'),
      line.replace('"op":', '"\\u006fp":"set","op":'),
      line.replace('}', ', "target" : "01BX5ZZKBKACTAV9WEVGEMMVRZ"}'),
      line.replace('{', `{"id":"${id}",`),
    ];
    for (const [k, text] of twice.entries()) {
      const field = ['op', 'op', 'target', 'id'][k]!;
      expect(parseEventLine(text)).toEqual({ kind: 'unreadable', reason: `field "${field}" stands twice` });
      expect(scan(Buffer.from(text))).toBeUndefined();
    }
    // What is no field of the event, and what stands in a text.
    const nested = lines[2]!.replace('"rank":3', '"rank":3,"op":"x"').replace('"covid"', '"\\"op\\":"');
    expect(parseEventLine(nested)).toMatchObject({ op: 'set', value: '"op":' });
  });

  it('are never taken for what they are not, whatever was changed in them', () => {
    const random = new SplitMix32(4);
    const bytes = [
      0x00, 0x0a, 0x20, 0x22, 0x2c, 0x2d, 0x2e, 0x30, 0x31, 0x3a, 0x5c, 0x65, 0x7b, 0x7d, 0x7f, 0xc3, 0xff,
    ];
    let taken = 0;
    const changes = randomCases(8000, 40_000);
    for (let k = 0; k < changes; k++) {
      const line = Buffer.from(lines[random.below(lines.length)]!);
      const at = random.below(line.length);
      const byte = bytes[random.below(bytes.length)]!;
      const draw = random.below(4);
      const rest = line.subarray(at);
      const changed =
        draw === 0
          ? Buffer.concat([line.subarray(0, at), Buffer.from([byte]), rest.subarray(1)])
          : draw === 1
            ? Buffer.concat([line.subarray(0, at), rest.subarray(1 + random.below(3))])
            : draw === 2
              ? Buffer.concat([line.subarray(0, at), Buffer.from([byte]), rest])
              : Buffer.concat([line.subarray(0, random.below(line.length)), rest]);
      const event = scan(changed);
      if (!event) continue;
      taken++;
      // Vitest compares slowly, and says well what differs.
      const parsed = parse(changed);
      if (!isDeepStrictEqual(event, parsed)) expect(event, changed.toString('utf8')).toEqual(parsed);
    }
    expect(taken).toBeGreaterThan(changes / 40);
  });

  it.each([
    ['a day that no calendar has', '2026-02-30T00:00:00.000Z'],
    ['hour 24', '2026-01-31T24:00:00.000Z'],
    ['another zone', '2026-01-31T12:34:56+01:00'],
    ['month 13', '2026-13-01T00:00:00.000Z'],
  ])('leave %s to the parser', (_what, time) => {
    expect(scan(Buffer.from(lines[0]!.replace(fields.time, time)))).toBeUndefined();
  });
});
