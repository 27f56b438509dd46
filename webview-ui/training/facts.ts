/** The figures of this moment: what was told last, as terms with their values. */
import type { TrainingReport } from '../../src/protocol/trainingApi';
import { element } from '../dom';
import { fill } from '../texts';
import type { TrainingTexts } from './strings';
import { duration, figure, gigabytes, rate } from './words';

/** Terms that are known, in order. What nobody has measured is left out. */
export function factsOf(
  { device, now, secondsLeft }: TrainingReport,
  texts: TrainingTexts,
): readonly (readonly [string, string])[] {
  const { facts } = texts;
  const known = (term: string, value: string | null): [string, string][] =>
    value === null ? [] : [[term, value]];
  const memory = now?.memory ?? null;
  const all = device?.memory ?? null;
  const of = <T>(value: T | null | undefined, write: (value: T) => string): string | null =>
    value === null || value === undefined ? null : write(value);
  return [
    ...known(
      facts.device,
      of(device, ({ name, processes }) =>
        processes > 1 ? fill(facts.processes, { device: name, n: processes }) : name,
      ),
    ),
    ...known(
      facts.left,
      of(secondsLeft, (seconds) => duration(seconds, texts)),
    ),
    ...known(
      facts.loss,
      of(now?.loss, (loss) => figure(loss, 4)),
    ),
    ...known(facts.rate, of(now?.learningRate, rate)),
    ...known(
      facts.speed,
      of(now?.imagesPerSecond, (speed) => figure(speed, speed < 10 ? 1 : 0)),
    ),
    ...known(
      facts.use,
      of(now?.gpuUse, (n) => fill(texts.percent, { n })),
    ),
    ...known(
      facts.memory,
      of(memory, (used) =>
        all === null
          ? fill(facts.memoryAlone, { used: gigabytes(used) })
          : fill(facts.ofMemory, { used: gigabytes(used), all: gigabytes(all) }),
      ),
    ),
  ];
}

/** Puts the terms into a list. */
export function showFacts(list: HTMLElement, facts: readonly (readonly [string, string])[]): void {
  list.hidden = facts.length === 0;
  list.replaceChildren(
    ...facts.map(([term, value]) =>
      element('div', {}, element('dt', { text: term }), element('dd', { text: value })),
    ),
  );
}
