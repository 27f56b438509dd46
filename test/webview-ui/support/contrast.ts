/** Contrast as it is painted: rings of focus and thumbs of scroll bars. */
import type { ElementHandle, Page } from 'playwright-core';
import sharp from 'sharp';

type Colour = readonly [number, number, number];

/** WCAG 2.2's ratio of two colours of 8 bits a channel, 1 to 21. */
export function contrast(a: Colour, b: Colour): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Colour): number {
  const linear = colour.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels around an element that belong to its ring. */
const margin = 6;

async function pixels(page: Page, clip: Box): Promise<{ data: Buffer; channels: number }> {
  const png = await page.screenshot({ clip, caret: 'hide', animations: 'disabled' });
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return { data, channels: info.channels };
}

/** How many pixels differ by 3:1 or more between two pictures of one place. */
function changed(
  before: { data: Buffer; channels: number },
  after: { data: Buffer; channels: number },
): number {
  const at = ({ data, channels }: typeof before, i: number): Colour => {
    const k = i * channels;
    return [data[k] ?? 0, data[k + 1] ?? 0, data[k + 2] ?? 0];
  };
  let count = 0;
  for (let i = 0; i < before.data.length / before.channels; i++)
    if (contrast(at(before, i), at(after, i)) >= 3) count++;
  return count;
}

/** The element that has the focus, inside shadow roots too; null for the page itself. */
function focused(page: Page) {
  return page.evaluateHandle(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active === document.body ? null : active;
  });
}

/**
 * Goes through the page by Tab until it comes round, and gives every stop whose focus cannot be seen: fewer pixels than half the
 * way around the element differ by 3:1 between focused and not focused (WCAG 2.2, 1.4.11 and 2.4.13).
 * @returns the names of the stops, and how many stops there were
 */
export async function unseenFocus(page: Page, most = 60): Promise<{ stops: number; unseen: string[] }> {
  const unseen: string[] = [];
  const size = page.viewportSize() ?? { width: 0, height: 0 };
  // The focus goes to something that is not seen, and back: without one at all the page would take it to its tiles.
  await page.evaluate(() => {
    const elsewhere = document.createElement('div');
    elsewhere.id = 'elsewhere';
    elsewhere.tabIndex = -1;
    elsewhere.style.cssText = 'position: fixed; opacity: 0; pointer-events: none';
    document.body.append(elsewhere);
  });
  let stops = 0;
  let first: ElementHandle | undefined;
  // A page that was loaded just now may have the keys a moment later.
  let early = 0;
  for (; stops < most; stops++) {
    await page.keyboard.press('Tab');
    const handle = await focused(page);
    const element = handle.asElement();
    const box = await element?.boundingBox();
    if (!element || !box) {
      if (stops > 0 || early++ === 5) break;
      stops--;
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
      continue;
    }
    const name = await element.evaluate((found) => {
      const root = found.getRootNode();
      const host = root instanceof ShadowRoot ? root.host : found;
      const text = host.getAttribute('aria-label') ?? host.textContent.trim().slice(0, 40);
      return `${host.tagName.toLowerCase()}.${host.className} "${text}"`;
    });
    first ??= element;
    if (stops > 0 && (await first.evaluate((one, other) => one === other, element))) break;
    const clip = clipOf(box, size);
    if (!clip) continue;
    const after = await pixels(page, clip);
    await page.evaluate(() => document.getElementById('elsewhere')?.focus());
    const before = await pixels(page, clip);
    const seen = changed(before, after);
    if (seen < box.width + box.height)
      unseen.push(`${name}: ${seen} of ${Math.round(2 * (box.width + box.height))} pixels`);
    await element.evaluate((found) => (found as HTMLElement).focus({ preventScroll: true }));
  }
  return { stops, unseen };
}

function clipOf(box: Box, size: { width: number; height: number }): Box | undefined {
  const [left, top] = [Math.max(0, Math.floor(box.x - margin)), Math.max(0, Math.floor(box.y - margin))];
  const right = Math.min(size.width, Math.ceil(box.x + box.width + margin));
  const bottom = Math.min(size.height, Math.ceil(box.y + box.height + margin));
  return right - left < 2 || bottom - top < 2
    ? undefined
    : { x: left, y: top, width: right - left, height: bottom - top };
}

/** The parts that scroll whose thumb differs by less than 3:1 from its track, with the ratio. */
export async function faintThumbs(page: Page): Promise<{ scrolling: number; faint: string[] }> {
  const found = await page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (!canvas) throw new Error('no canvas');
    const over = (colour: string, below: string): [number, number, number] => {
      for (const one of [below, colour]) {
        canvas.fillStyle = one;
        canvas.fillRect(0, 0, 1, 1);
      }
      const [r = 0, g = 0, b = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b];
    };
    const ground = getComputedStyle(document.body).backgroundColor;
    return [...document.querySelectorAll<HTMLElement>('*')].flatMap((part) => {
      const { overflowX, overflowY, scrollbarColor } = getComputedStyle(part);
      const scrolls = [overflowX, overflowY].some((one) => one === 'auto' || one === 'scroll');
      const root = part === document.documentElement;
      if ((!scrolls && !root) || part.clientHeight === 0) return [];
      const [thumb = '', track = ''] = scrollbarColor.match(/[a-z]+\([^)]*\)/g) ?? [];
      return [
        {
          name: part.className || part.tagName,
          thumb: over(thumb === '' ? ground : thumb, track === '' ? ground : track),
          track: over(track === '' ? ground : track, ground),
        },
      ];
    });
  });
  return {
    scrolling: found.length,
    faint: found
      .map(({ name, thumb, track }) => ({ name, ratio: contrast(thumb, track) }))
      .filter(({ ratio }) => ratio < 3)
      .map(({ name, ratio }) => `${name}: ${ratio.toFixed(2)}`),
  };
}
