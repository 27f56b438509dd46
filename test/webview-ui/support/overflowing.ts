/** Parts of the page that have no room. */
import type { Page } from 'playwright-core';

/** What of the page is outside of it, wider than its place, or above another part of the bar. */
export function overflowing(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const nameOf = (part: Element): string => part.className || part.tagName;
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
    for (const part of document.querySelectorAll('.bar > *, footer.status > *')) {
      const { left, right, width } = part.getBoundingClientRect();
      if (width > 0 && (left < -1 || right > innerWidth + 1)) found.push(nameOf(part));
    }
    const parts = [...document.querySelectorAll('.bar > *:not(.find), .find > *')]
      .map(
        (part) =>
          ({ part, ...part.getBoundingClientRect().toJSON() }) as DOMRect & { readonly part: Element },
      )
      .filter(({ width }) => width > 0)
      .sort((a, b) => a.left - b.left);
    for (const [k, { part, left }] of parts.entries()) {
      const before = parts[k - 1];
      if (before && left < before.right - 1) found.push(`${nameOf(before.part)} lies above ${nameOf(part)}`);
    }
    return found;
  });
}
