/** How far a reader agrees with themselves, on labels that were offered again long after. */
import { clopperPearson, type Interval } from '../../evaluation/exactTests';
import type { Look } from './looks';

export interface SelfAgreement extends Interval {
  readonly repeats: number;
  readonly agreed: number;
}

/** null before there is a repeat. */
export function selfAgreement(looks: readonly Look[]): SelfAgreement | null {
  const first = new Map<number, Look>();
  let repeats = 0;
  let agreed = 0;
  for (const look of looks) {
    const before = first.get(look.item);
    if (!before) first.set(look.item, look);
    else if (look.shown.queue === 'repeat') {
      repeats++;
      if (before.value === look.value) agreed++;
    }
  }
  return repeats === 0 ? null : { repeats, agreed, ...clopperPearson(agreed, repeats) };
}
