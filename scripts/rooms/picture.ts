/** The rooms of src/core as a drawing: floors from the ground up, and what each room stands on. */
import { floorsOf, withoutShortcuts, type Imports } from './imports';

const [boxWidth, boxHeight, gap, floorGap, margin] = [118, 30, 16, 46, 24];

interface Box {
  readonly room: string;
  readonly x: number;
  readonly y: number;
}

/** An SVG document; the same imports give the same text. */
export function drawRooms(imports: Imports): string {
  const floors = floorsOf(imports);
  const links = withoutShortcuts(imports);
  const widest = Math.max(...floors.map((floor) => floor.length));
  const width = 2 * margin + widest * boxWidth + (widest - 1) * gap;
  const height = 2 * margin + floors.length * boxHeight + (floors.length - 1) * floorGap;
  const boxes = new Map<string, Box>();
  floors.forEach((floor, level) => {
    const used = floor.length * boxWidth + (floor.length - 1) * gap;
    const y = height - margin - boxHeight - level * (boxHeight + floorGap);
    inOrder(floor, boxes, links).forEach((room, i) => {
      boxes.set(room, { room, x: (width - used) / 2 + i * (boxWidth + gap), y });
    });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" role="img">`,
    '<title>The rooms of src/core. A line goes from a room down to what it stands on; what that stands on in turn is not drawn again.</title>',
    `<rect width="${String(width)}" height="${String(height)}" fill="#ffffff"/>`,
    ...links.map(([from, to]) => line(boxes.get(from), boxes.get(to))),
    ...[...boxes.values()].map(drawBox),
    '</svg>',
    '',
  ].join('\n');
}

/** Left to right as the rooms below them stand, so that fewer lines cross. */
function inOrder(
  floor: readonly string[],
  below: ReadonlyMap<string, Box>,
  links: readonly (readonly [string, string])[],
): readonly string[] {
  const middle = (room: string): number => {
    const xs = links.flatMap(([from, to]) => (from === room ? [below.get(to)?.x ?? 0] : []));
    return xs.length === 0 ? 0 : xs.reduce((sum, x) => sum + x, 0) / xs.length;
  };
  return [...floor].sort((a, b) => middle(a) - middle(b) || (a < b ? -1 : 1));
}

function line(from: Box | undefined, to: Box | undefined): string {
  if (!from || !to) return '';
  const [x1, y1, x2, y2] = [from.x + boxWidth / 2, from.y + boxHeight, to.x + boxWidth / 2, to.y];
  const bend = Math.min(40, (y2 - y1) / 2);
  const path = `M${round(x1)} ${round(y1)}C${round(x1)} ${round(y1 + bend)} ${round(x2)} ${round(y2 - bend)} ${round(x2)} ${round(y2)}`;
  return `<path d="${path}" fill="none" stroke="#8494a7" stroke-width="1.2"/>`;
}

function drawBox({ room, x, y }: Box): string {
  const text = `<text x="${round(x + boxWidth / 2)}" y="${round(y + boxHeight / 2 + 4)}" text-anchor="middle" font-family="sans-serif" font-size="12.5" fill="#1b2733">${room}</text>`;
  return `<rect x="${round(x)}" y="${round(y)}" width="${String(boxWidth)}" height="${String(boxHeight)}" rx="5" fill="#eef3f8" stroke="#51657b"/>${text}`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
