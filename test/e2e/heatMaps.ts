/** Heat maps of a real run on the synthetic sample, in a window that is open: by key, in Read mode and on the tiles. */
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually';
import { Grid } from '../support/grid';
import type { WindowSession } from '../support/vscode';

/** @param opened the window of a project with a run, of which a grid may be on show */
export function describeHeatMaps(opened: () => WindowSession): void {
  describe('heat maps in VS Code', () => {
    let session: WindowSession;
    let grid: Grid;

    beforeAll(async () => {
      session = opened();
      const { workbench } = session;
      await workbench.runCommand('Overread: Review All Images');
      grid = await Grid.find(workbench);
      await grid.picturesPainted();
    });

    it('come over the image with H, of the network that the run has', async () => {
      const [first] = await grid.tiles();
      await grid.focus(first!.key);
      // The last is the one that the model is surest of: there is evidence for its class.
      await grid.press('End');
      await grid.press('Enter');
      await grid.frame.locator('.detail .probability').first().waitFor();
      const plain = await grid.colouredShareOfStage();
      expect(plain).toBe(0);
      // The editor hears a moment later that an image is read: until then H is no command of it.
      await eventually('the heat map is switched on', async () => {
        if (await grid.frame.locator('.heat.on').isVisible()) return;
        await grid.press('h');
        await grid.frame.locator('.heat.on').waitFor({ timeout: 5000 });
      });
      // The first map opens the network.
      await grid.frame.locator('.heat .method', { hasText: 'Class activation map' }).waitFor();
      await eventually('the stage is coloured', async () => {
        expect(await grid.colouredShareOfStage()).toBeGreaterThan(0.02);
      });
      expect(await grid.colouredShareOfStage()).toBeLessThan(0.9);
    });

    it('follow the keys to the next image, and go with H', async () => {
      const position = grid.frame.locator('.reader .position');
      const last = await position.textContent();
      await grid.press('ArrowLeft');
      await eventually('another image is on show', async () => {
        expect(await position.textContent()).not.toBe(last);
      });
      await grid.frame.locator('.heat .method', { hasText: 'Class activation map' }).waitFor();
      await grid.press('h');
      await grid.frame.locator('.heat').waitFor({ state: 'hidden' });
      await eventually('the stage is grey again', async () => {
        expect(await grid.colouredShareOfStage()).toBe(0);
      });
    });

    it('come over every tile in view with Shift+H, and go with it', async () => {
      await grid.press('Escape');
      const shown = grid.frame.locator('.tile[data-key] .heatmap:not([hidden])');
      await grid.press('Shift+H');
      await eventually('the tiles have their maps', async () => {
        expect(await shown.count()).toBeGreaterThan(5);
      });
      await grid.press('Shift+H');
      await eventually('the tiles are plain again', async () => {
        expect(await shown.count()).toBe(0);
      });
    });

    it('are in the palette', async () => {
      await session.workbench.runCommand('Overread: Toggle Heat Maps on Tiles');
      await grid.frame.locator('.tile[data-key] .heatmap:not([hidden])').first().waitFor();
    });

    it('broke no content security policy', () => {
      expect(session.complaints.cspViolations).toEqual([]);
      expect(session.complaints.webviewErrors).toEqual([]);
    });
  });
}
