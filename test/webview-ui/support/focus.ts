/** What has the focus in a page. */
import type { Page } from 'playwright-core';

/** The name of the control that has it, as a screen reader says it; '' where none has. */
export function nameOfFocus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const active = document.activeElement;
    if (active === null || active === document.body) return '';
    return active.getAttribute('aria-label') ?? active.textContent.trim();
  });
}
