/** Runs in the page before it: plays VS Code and the extension host over a made-up DICOM file. */
import { checkedDicomMethods, type DicomMethods } from '../../../src/protocol/dicomApi';
import type { DetailPixels, DicomTags, ListedTag } from '../../../src/protocol/engineApi';
import { playHost, type NoteCall } from './playHost';

const url = new URL(location.href);
const side = 64;

function tag(number: string, keyword: string, vr: string, value: string, depth = 0): ListedTag {
  return { tag: number, keyword, vr, value, depth };
}

const file: DicomTags = {
  tags: [
    tag('0002,0010', 'TransferSyntaxUID', 'UI', '1.2.840.10008.1.2.1'),
    tag('0008,0060', 'Modality', 'CS', 'DX'),
    tag('0010,0010', 'PatientName', 'PN', '<img src=x onerror=alert(1)>'),
    tag('0028,0004', 'PhotometricInterpretation', 'CS', 'MONOCHROME2'),
    tag('0040,0275', 'RequestAttributesSequence', 'SQ', '1 item'),
    tag('0040,0007', 'ScheduledProcedureStepDescription', 'LO', 'Chest', 1),
    tag('0071,1001', '', 'LO', 'a private value that is long and goes on and on '.repeat(6).trim()),
    ...Array.from({ length: Number(url.searchParams.get('more') ?? 0) }, (_, i) =>
      tag(`0073,${String(i).padStart(4, '0')}`, '', 'LO', `more ${i}`),
    ),
  ],
  whole: true,
  frames: Number(url.searchParams.get('frames') ?? 1),
  firstShown: Number(url.searchParams.get('first') ?? 1),
  syntax: 'Explicit VR Little Endian',
  whyNoPicture: url.searchParams.get('empty') === '1' ? 'it is a radiotherapy dose' : null,
};

/** A ramp in 12 bits, brighter with each frame. */
function pixels(frame: number): DetailPixels {
  const data = Uint16Array.from({ length: side * side }, (_, i) =>
    Math.min(4095, (i % side) * 40 + 100 * frame),
  );
  const window = (name: string, width: number, center: number) => ({
    ...{ name, window: width, level: center, curve: 'linear' as const },
    written: { width, center },
  });
  return {
    ...{ width: side, height: side, channels: 1, bits: 16, data: data.buffer },
    levels: {
      most: 4095,
      slope: 1,
      intercept: 0,
      windows: [window('LUNG', 2000, 1200), window('BONE', 600, 2000)],
    },
  };
}

const handlersOf = (note: NoteCall): DicomMethods => ({
  ready: () =>
    Promise.resolve(
      url.searchParams.get('fails') === '1'
        ? {
            name: 'film.dcm',
            fault: { code: 'OVR301', message: 'The DICOM file cannot be read', fix: 'Replace the file' },
          }
        : { name: 'film.dcm', file },
    ),
  pixels: (frame) => {
    void note('pixels', frame);
    return Promise.resolve(pixels(frame ?? file.firstShown));
  },
  log: (message) => note('log', message),
});

playHost('dicomHarness', (note) => checkedDicomMethods(handlersOf(note)));
