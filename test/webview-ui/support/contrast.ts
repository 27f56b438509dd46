/** Contrast as it is painted: rings of focus and thumbs of scroll bars. */
import type { CDPSession, Page } from 'playwright-core';
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

type Offset = Readonly<Record<'x' | 'y', number>>;

interface Picture {
  readonly data: Buffer;
  readonly channels: number;
  readonly width: number;
}

/** A place of the window as it is painted. Playwright's own screenshot would go through the page before and after it. */
async function pixels(session: CDPSession, { x, y, width, height }: Box, scrolled: Offset): Promise<Picture> {
  const { data: png } = await session.send('Page.captureScreenshot', {
    clip: { x: x + scrolled.x, y: y + scrolled.y, width, height, scale: 1 },
    optimizeForSpeed: true,
  });
  const { data, info } = await sharp(Buffer.from(png, 'base64')).raw().toBuffer({ resolveWithObject: true });
  return { data, channels: info.channels, width: info.width };
}

function differ(a: Colour, b: Colour): boolean {
  const isSame = a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
  return !isSame && contrast(a, b) >= 3;
}

/** How many pixels of a place differ by 3:1 or more between the picture of the whole window and that of the place. */
function changed(whole: Picture, place: Picture, { x, y, width, height }: Box): number {
  const at = ({ data, channels, width: across }: Picture, column: number, row: number): Colour => {
    const k = (row * across + column) * channels;
    return [data[k] ?? 0, data[k + 1] ?? 0, data[k + 2] ?? 0];
  };
  let count = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      if (differ(at(whole, x + column, y + row), at(place, column, row))) count++;
  return count;
}

/** Where Tab leads to. */
interface Stop {
  readonly name: string;
  /** In the window. */
  readonly box: Box;
  /** How far the document is scrolled: pictures are taken of places in it. */
  readonly scrolled: Offset;
  readonly isFirst: boolean;
  /** The page is another one than at the last call of `leave`, but for its focus: something of it changed or was scrolled. */
  readonly isAnother: boolean;
}

/** In the page while `unseenFocus` goes through it. */
interface Stops {
  /** The stop that has the focus; null: none has it. */
  now(): Stop | null;
  /** Takes the focus to something that is not seen: without one at all the page would take it to its tiles. */
  leave(): void;
  /** Takes it to the stop again. */
  comeBack(): void;
  /** The page is as it was before. */
  end(): void;
}

declare global {
  var stops: Stops;
}

/** Runs in the page. */
function installStops(): void {
  const still = new CSSStyleSheet();
  still.replaceSync('body { caret-color: transparent }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
  const elsewhere = document.createElement('div');
  elsewhere.tabIndex = -1;
  elsewhere.style.cssText = 'position: fixed; opacity: 0; pointer-events: none';
  document.body.prepend(elsewhere);
  // Wherever the page has the focus: Tab goes to the first stop from here.
  elsewhere.focus({ preventScroll: true });
  let first: Element | undefined;
  let last: HTMLElement | undefined;
  const observer = new MutationObserver(() => undefined);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const places = (): string =>
    [...document.querySelectorAll('*')].map((part) => `${part.scrollLeft} ${part.scrollTop}`).join();
  let before = '';
  globalThis.stops = {
    now() {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      if (!(active instanceof HTMLElement) || active === document.body || !active.checkVisibility())
        return null;
      const root = active.getRootNode();
      const host = root instanceof ShadowRoot ? root.host : active;
      const text = host.getAttribute('aria-label') ?? host.textContent.trim().slice(0, 40);
      const isFirst = active === first;
      first ??= active;
      last = active;
      const { x, y, width, height } = active.getBoundingClientRect();
      return {
        name: `${host.tagName.toLowerCase()}.${host.className} "${text}"`,
        box: { x, y, width, height },
        scrolled: { x: scrollX, y: scrollY },
        isFirst,
        isAnother: observer.takeRecords().length > 0 || places() !== before,
      };
    },
    leave() {
      elsewhere.focus({ preventScroll: true });
      observer.takeRecords();
      before = places();
    },
    comeBack() {
      last?.focus({ preventScroll: true });
    },
    end() {
      observer.disconnect();
      elsewhere.remove();
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== still);
    },
  };
}

/**
 * Goes through the page by Tab until it comes round, and gives every stop whose focus cannot be seen: fewer pixels than half the
 * way around the element differ by 3:1 between focused and not focused (WCAG 2.2, 1.4.11 and 2.4.13).
 * @returns how many stops there were, and those, by name
 */
export async function unseenFocus(page: Page, most = 60): Promise<{ stops: number; unseen: string[] }> {
  const unseen: string[] = [];
  const size = page.viewportSize() ?? { width: 0, height: 0 };
  const session = await page.context().newCDPSession(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(installStops);
  let stops = 0;
  // A page that was loaded just now may have the keys a moment later.
  let early = 0;
  // Without focus, as long as the page is the same.
  let whole: Picture | undefined;
  for (; stops < most; stops++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => globalThis.stops.now());
    if (stop === null) {
      if (stops > 0 || early++ === 5) break;
      stops--;
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
      continue;
    }
    if (stops > 0 && stop.isFirst) break;
    const { name, box, scrolled } = stop;
    const clip = clipOf(box, size);
    if (!clip) continue;
    const focused = await pixels(session, clip, scrolled);
    if (!whole || stop.isAnother) {
      await page.evaluate(() => globalThis.stops.leave());
      whole = await pixels(session, { x: 0, y: 0, ...size }, scrolled);
      await page.evaluate(() => globalThis.stops.comeBack());
    }
    const seen = changed(whole, focused, clip);
    if (seen < box.width + box.height)
      unseen.push(`${name}: ${seen} of ${Math.round(2 * (box.width + box.height))} pixels`);
  }
  await page.evaluate(() => globalThis.stops.end());
  await page.emulateMedia({ reducedMotion: null });
  await session.detach();
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
