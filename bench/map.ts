/** `npm run bench:map`: how long a frame takes while a map of 100,000 points is moved, in Chromium as the tests open it. */
import { Harness } from '../test/webview-ui/harness/browser';
import { checkBound, writeResult } from './result';

const points = 100_000;
const frames = 180;
/** 60 frames a second. */
const most = 1000 / 60;

async function main(): Promise<void> {
  const harness = await Harness.start();
  const { page } = await harness.open({ bundle: 'map', points }, { width: 1440, height: 900 });
  await page.waitForSelector('.legend');
  const measured = await page.evaluate(async (count) => {
    const canvas = document.querySelector('.points')!;
    const send = (type: string, x: number): boolean =>
      canvas.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: 400, pointerId: 1, bubbles: true }));
    const next = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    // A pointer that is made up cannot be captured.
    (canvas as HTMLElement).setPointerCapture = () => undefined;
    send('pointerdown', 500);
    const between: number[] = [];
    const work: number[] = [];
    let last = await next();
    for (let frame = 0; frame < count; frame++) {
      const started = performance.now();
      send('pointermove', 500 + 200 * Math.sin(frame / 12));
      work.push(performance.now() - started);
      const now = await next();
      between.push(now - last);
      last = now;
    }
    send('pointerup', 500);
    const gl = document.querySelector<HTMLCanvasElement>('.sheet')!.getContext('webgl2')!;
    const device = gl.getExtension('WEBGL_debug_renderer_info');
    const name = device ? String(gl.getParameter(device.UNMASKED_RENDERER_WEBGL)) : 'unknown';
    return { between, work, name };
  }, frames);
  await harness.close();
  const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
  const at = (values: readonly number[], share: number): number =>
    sorted(values)[Math.floor(share * (values.length - 1))] ?? NaN;
  const figures = {
    points,
    device: measured.name,
    frame_ms_median: at(measured.between, 0.5),
    frame_ms_p95: at(measured.between, 0.95),
    frame_ms_longest: at(measured.between, 1),
    frames_on_time: measured.between.filter((ms) => ms < 1.5 * most).length / measured.between.length,
    handler_ms_p95: at(measured.work, 0.95),
  };
  console.log(figures);
  writeResult('map', {
    checks: [
      checkBound(
        'median frame while 100,000 points move, ms',
        figures.frame_ms_median,
        '60 frames a second: at most 17 ms',
        figures.frame_ms_median <= most * 1.02,
      ),
    ],
    figures,
  });
  // The server of the harness lives as long as this process.
  process.exit();
}

void main();
