/** The pages that the tests of a file open. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { Harness, type OpenPage } from '../harness/browser';

/**
 * Opens pages as `Harness.open` does, for the tests of the file that calls this at its top. After each test its pages are closed, and a
 * fault of one (`OpenPage.faults`) fails it.
 */
export function openPages(): (...params: Parameters<Harness['open']>) => Promise<Page> {
  let harness: Harness;
  let opened: OpenPage[] = [];
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());
  afterEach(async () => {
    const faults = opened.flatMap((page) => page.faults);
    await Promise.all(opened.map(({ page }) => page.context().close()));
    opened = [];
    expect(faults).toEqual([]);
  });
  return async (...params) => {
    const next = await harness.open(...params);
    opened.push(next);
    return next.page;
  };
}
