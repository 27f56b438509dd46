/** What a reader's answer means: the edits that it becomes, for the page and the command line alike. */
import { OverreadError } from '../base/errors';
import { atOnce, ofRanges, type Pieces } from '../base/pieces';
import { classFinding, type Dataset, type Finding, type LabelValue } from '../dataset/model';
import { uncertainValue } from '../config/model';
import type { EffectiveLabels } from './effectiveLabels';
import type { Answer, AnswerTarget, LabelEdit, Written } from './model';
import { prepareEdits } from './prepare';

/** Made in one piece: each takes some microseconds. */
const editsAtOnce = 512;

/**
 * The edits of one answer as they are to be written, in the order of the targets. Targets that it cannot apply to (an
 * `accept` where the model says nothing) are left out.
 * @param run the run whose predictions were shown
 * @throws OVR400 when none is left, or for an unknown sample; OVR401 where a finding has to be named, or is unknown;
 * OVR402 for a value that no answer may give. Then none of them may be written
 */
export function answerEdits(
  labels: EffectiveLabels,
  answer: Answer,
  targets: Iterable<AnswerTarget>,
  run?: string,
): LabelEdit[] {
  return atOnce(answeringEdits(labels, answer, targets, run));
}

/** The same in pieces, between which the labels stay as they are. */
export function* answeringEdits(
  labels: EffectiveLabels,
  answer: Answer,
  targets: Iterable<AnswerTarget>,
  run?: string,
): Pieces<LabelEdit[]> {
  const edits: LabelEdit[] = [];
  for (const target of targets) {
    const change = changeOf(answer, target, labels.dataset);
    if (!change) continue;
    const edit: Written<LabelEdit> = { op: change.op, sample: target.sample };
    if (change.finding !== undefined) edit.finding = change.finding;
    if (change.value !== undefined) edit.value = change.value;
    if (answer.reason !== undefined) edit.reason = answer.reason;
    if (run !== undefined) edit.run = run;
    if (target.shown !== undefined) edit.shown = target.shown;
    if (answer.ms !== undefined) edit.ms = answer.ms;
    edits.push(edit);
    if (edits.length % editsAtOnce === 0) yield;
  }
  if (edits.length === 0) throw nothingToAccept();
  const prepared: LabelEdit[] = [];
  const prepare = (from: number, to: number): void => {
    prepared.push(...prepareEdits(labels, edits.slice(from, to)));
  };
  yield* ofRanges(edits.length, prepare, editsAtOnce);
  return prepared;
}

type LabelChange = Pick<LabelEdit, 'op' | 'finding' | 'value'>;

function changeOf(answer: Answer, target: AnswerTarget, dataset: Dataset): LabelChange | undefined {
  const set = (value: LabelValue): LabelChange => ({ op: 'set', finding: findingOf(dataset, target), value });
  switch (answer.op) {
    case 'set':
      return set(answer.value ?? null);
    case 'accept': {
      const finding = findingOf(dataset, target);
      return typeof target.predicted === 'string'
        ? { op: 'set', finding, value: target.predicted }
        : undefined;
    }
    case 'uncertain':
      return set(uncertainValue);
    case 'keep':
      return { op: 'keep', finding: findingOf(dataset, target) };
    case 'exclude':
    case 'include':
      // multi-class: an image that should not count. multi-label: the finding alone cannot be told on it.
      return dataset.task === 'multi-class' || target.finding === undefined
        ? { op: answer.op }
        : { op: answer.op, finding: target.finding };
  }
}

/** The finding of an answer that gives or keeps a label. @throws OVR401 where there are several and none was named */
function findingOf(dataset: Dataset, { finding }: AnswerTarget): string {
  if (finding !== undefined) return finding;
  if (dataset.task === 'multi-class') return classFinding;
  throw new OverreadError({
    code: 'OVR401',
    message: 'This project has several findings and none was named',
    expected: `one of ${dataset.findings.map(({ name }) => name).join(', ')}`,
  });
}

/**
 * The values of a finding in the order of the number keys: classes as they are declared (`uncertain` has a key of its
 * own); for a finding of several present, absent, uncertain, and whatever else it lists. What a key means is sent as
 * the value that its button shows: an index would mean another class where the configuration has just changed.
 */
export function valuesByKey(task: Dataset['task'], finding: Finding): readonly string[] {
  if (task === 'multi-class') return finding.values;
  const first = ['1', '0', uncertainValue].filter((value) => finding.values.includes(value));
  return [...first, ...finding.values.filter((value) => !first.includes(value))];
}

function nothingToAccept(): OverreadError {
  return new OverreadError({
    code: 'OVR400',
    message: 'There is no prediction of a model to accept',
    fix: 'Fine-tune the last layer first',
  });
}
