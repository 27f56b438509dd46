/** "Fine-tune" in the window with cached features: from the click to the grid that is ranked anew and says what changed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../test/support/eventually';
import { Grid } from '../test/support/grid';
import type { VscodeSession } from '../test/support/vscode';
import { percentile } from './result';

const rounds = 5;
/** What a run still has to do once it is shown takes less, ms. */
const settleMs = 4000;

/** Milliseconds, medians. */
export interface RefitFigures {
  /** An answer, a pause as long as reading the next image takes, and the click. */
  readonly after_pause_ms: number;
  /** The click right after the answer, while the window still paints it: nothing is fitted by then. No bound is set for it. */
  readonly at_once_ms: number;
}

export async function measureRefit(session: VscodeSession): Promise<RefitFigures> {
  return {
    after_pause_ms: await measure(session, 2500, 2),
    at_once_ms: await measure(session, 0, 2 + rounds),
  };
}

/** When the strip says this, ms since 1970; Playwright itself looks every half second by then. */
function shown(frame: Grid['frame'], text: string): Promise<number> {
  return frame.locator('.refit-strip').evaluate(
    (strip, wanted) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          const isShown = !(strip as HTMLElement).hidden && strip.textContent.includes(wanted);
          if (isShown) resolve(Date.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
    text,
  );
}

/** @param run the number of the first run that is made */
async function measure({ workbench }: VscodeSession, pause: number, run: number): Promise<number> {
  await workbench
    .treeItem(/^Errors/)
    .first()
    .click();
  const { frame } = await Grid.find(workbench);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const grid = await Grid.find(workbench);
    // Of the list that is asked for: what was on show before may still be there for a moment.
    await eventually('the first tile has the keys', async () => {
      const [tile] = await grid.tiles();
      if (!tile) throw new Error('The grid is empty');
      await grid.focus(tile.key, 3000);
    });
    await sleep(settleMs);
    await grid.press('a');
    await sleep(pause);
    const told = shown(frame, `Run ${String(run + round)}:`);
    const started = Date.now();
    await frame.getByRole('button', { name: 'Fine-tune', exact: true }).click();
    times.push((await told) - started);
  }
  return percentile(times, 0.5);
}
