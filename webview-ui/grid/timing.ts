/**
 * How long what the reviewer did took to be painted, as measures of the browser's own performance timeline
 * ("overread:query", "overread:edit", …): profilers show them, and the grid's benchmark reads them.
 */

export type Timed = 'first-tile' | 'query' | 'edit' | 'undo' | 'next-image' | 'rerank';

const most = 2_000;
let kept = 0;

/** Ends a measure after the next frame has been painted. @param start ms, performance.now() */
export function measurePainted(name: Timed, start: number): void {
  requestAnimationFrame(() => {
    // A task that is queued in a frame runs after that frame has been painted.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      measure(name, start);
    };
    channel.port2.postMessage(null);
  });
}

/** Ends a measure now. @param start ms, performance.now(); 0 is the start of the page */
export function measure(name: Timed, start: number): void {
  kept += 1;
  if (kept > most) {
    kept = 1;
    performance.clearMeasures();
  }
  performance.measure(`overread:${name}`, { start, end: performance.now() });
}
