/** Where parts of the page lie: all of them at one moment, since a page that is still being laid out moves. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** In CSS px, from the top left corner of the page. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

/** Where the first part of each selector lies, by the selector's name. Throws where there is none, or it is not shown. */
export async function placesOf<K extends string>(
  page: Page,
  selectors: Readonly<Record<K, string>>,
): Promise<Record<K, Place>> {
  const named = Object.entries<string>(selectors);
  const places = await page.evaluate(
    (wanted) =>
      wanted.map(([name, selector]) => {
        const part = document.querySelector(selector);
        if (part?.checkVisibility() !== true) throw new Error(`${selector} is not shown`);
        return [name, part.getBoundingClientRect().toJSON() as Place] as const;
      }),
    named,
  );
  return Object.fromEntries(places) as Record<K, Place>;
}

/** Waits until a part lies wholly within another, to a pixel. */
export async function liesWithin(page: Page, part: string, whole: string): Promise<void> {
  await expect
    .poll(async () => {
      const { inner, outer } = await placesOf(page, { inner: part, outer: whole });
      return {
        left: inner.left >= outer.left - 1,
        top: inner.top >= outer.top - 1,
        right: inner.right <= outer.right + 1,
        bottom: inner.bottom <= outer.bottom + 1,
      };
    })
    .toEqual({ left: true, top: true, right: true, bottom: true });
}
