/** Two made-up models and two versions of the labels: which labels count, and what the figures are. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { ProjectFolder } from '../../../src/core/base/projectFolder';
import { labelsBefore } from '../../../src/core/corrections/labelsBefore';
import { answerOf } from '../../../src/core/corrections/answer';
import type { PartCorrections } from '../../../src/core/corrections/model';
import { partCorrections } from '../../../src/core/corrections/partCorrections';
import { answersSince } from '../../../src/core/corrections/readAgain';
import type { PredictionColumns } from '../../../src/core/evaluation/model';
import { differencesOf } from '../../../src/core/evaluation/partDifference';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { appendEdits, LabelLogReader } from '../../../src/core/labels/log';
import type { LabelEdit } from '../../../src/core/labels/model';
import { buildTargets } from '../../../src/core/labels/targets';
import { writeOffer } from '../../../src/core/suspects/learned/offerFile';
import type { Project } from '../../../src/core/project/project';
import { checkedConfig } from '../cohorts/builders';
import { multiClass, sample } from '../labels/builders';

const count = 300;
const classes = ['normal', 'pneumonia'];
const intervals = { seed: 1, replicates: 60 };
const offerId = '01JZZZZZZZZZZZZZZZZZZZZZZZ';

describe('corrected labels', () => {
  let root: string;
  let folder: ProjectFolder;
  beforeEach(async () => {
    root = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-corrections-')));
    folder = await ProjectFolder.open(root);
  });
  afterEach(() => fs.rm(root, { recursive: true, force: true }));

  const random = new SplitMix32(4);
  const truth = Array.from({ length: count }, () => random.below(2));
  /** Every fifth label is wrong. */
  const dataset = multiClass(
    truth.map((y, i) =>
      sample(`s${i}`, [classes[i % 5 === 0 ? 1 - y : y] ?? null], { group: `p${Math.floor(i / 2)}` }),
    ),
    classes,
  );
  const split = truth.map((_, i) => (i < 150 ? ('train' as const) : ('validation' as const)));
  const fold = Int32Array.from(split, (part, i) => (part === 'train' ? i % 3 : -1));
  const assignment = { split, fold, folds: 3 };
  const validation = [...truth.keys()].filter((i) => i >= 150);

  /** A model that is right about the truth so often. */
  function model(share: number, seed: number): PredictionColumns {
    const draw = new SplitMix32(seed);
    const probabilities = Float64Array.from(
      truth.flatMap((y) => {
        const sure = 0.5 + 0.5 * draw.uniform();
        const says = draw.uniform() < share ? y : 1 - y;
        return says === 1 ? [1 - sure, sure] : [sure, 1 - sure];
      }),
    );
    return {
      outputs: classes,
      probabilities,
      outOfFold: Uint8Array.from(fold, (f) => Number(f >= 0)),
      thresholds: [],
    };
  }

  const answer = (i: number, shown: LabelEdit['shown']): LabelEdit => {
    const right = classes[truth[i] ?? 0] ?? '';
    const about = { sample: `s${i}`, finding: 'class', ...(shown ? { shown } : {}) };
    return right === dataset.samples[i]?.given[0]
      ? { op: 'keep', ...about }
      : { op: 'set', value: right, ...about };
  };
  const write = (edits: readonly LabelEdit[]) =>
    appendEdits(
      root,
      { name: 'Ann', role: 'reader' },
      edits,
      ({ sample: id }) => dataset.samples[Number(id.slice(1))]?.given[0],
    );

  async function measured(): Promise<{ readonly part: PartCorrections; readonly project: Project }> {
    const log = new LabelLogReader(root, () => folder.policy);
    await log.refresh();
    const labels = effectiveLabels(dataset, log.table, { disputed: 'exclude' });
    const project: Project = {
      root,
      folder,
      config: checkedConfig(),
      dataset,
      assignment,
      log,
      labels,
      problems: [],
    };
    const version = await labelsBefore(project, {}, process.env);
    const targets = { before: buildTargets(dataset, version.labels), now: buildTargets(dataset, labels) };
    const predictions = { before: model(0.7, 1), after: model(0.9, 2) };
    const models = { targets, predictions, answers: await answersSince(project, version), intervals };
    return { part: await partCorrections(project, models, 'validation'), project };
  }

  it('do not count where somebody chose what to read', async () => {
    await write(validation.slice(0, 60).map((i) => answer(i, { blind: true })));
    const { part } = await measured();
    expect(part).toMatchObject({
      images: 150,
      changed: 12,
      read_blind: 60,
      read_again: 'chosen',
      counts: 'by_labels_before',
    });
    expect(answerOf([part])).toMatch(/12 labels of 150 changed .* do not count/);
  });

  it('do not count where all were read and one of them was not blind', async () => {
    await write(validation.map((i) => answer(i, { blind: i !== 200 })));
    expect((await measured()).part).toMatchObject({
      read_blind: 149,
      read_again: 'chosen',
      counts: 'by_labels_before',
    });
  });

  it('count where all were read blind; the 2 × 2 is that of the labels before and now', async () => {
    await write(validation.map((i) => answer(i, { blind: true })));
    const { part, project } = await measured();
    expect(part).toMatchObject({ read_again: 'all', counts: 'by_labels_now', changed: 30, on_sample: null });
    const rows = Int32Array.from(validation);
    const groups = dataset.samples.map(({ group }) => group);
    const given = Int32Array.from(dataset.samples, ({ given: [label] }) => classes.indexOf(label ?? ''));
    for (const [y, scored] of [
      [given, part.by_labels_before],
      [Int32Array.from(truth, (right, i) => (i < 150 ? given[i]! : right)), part.by_labels_now],
    ] as const) {
      const targets = { task: 'multi-class' as const, outputs: classes, y };
      const input = (p: PredictionColumns) => ({
        targets,
        probabilities: p.probabilities,
        rows,
        groups,
        thresholds: [],
      });
      expect(scored).toEqual(await differencesOf(input(model(0.7, 1)), input(model(0.9, 2)), intervals));
    }
    expect(part.by_labels_now.accuracy.difference.low).toBeGreaterThan(0);
    expect(answerOf([part])).toMatch(/^The corrections helped: AUROC 0\.\d{3} trained on the labels before/);
    expect([...project.labels.historyItems()]).toHaveLength(150);
  });

  describe('of a random sample', () => {
    const drawn = validation.filter((i) => i % 3 === 0);
    const offer = async (): Promise<void> =>
      writeOffer(folder, {
        v: 1,
        offer: offerId,
        created: new Date().toISOString(),
        seed: 1,
        unreviewed: count,
        items: drawn.map((i) => ({ sample: `s${i}`, finding: 'class', propensity: 1 / 3, by: 'audit' })),
      });
    const shown = { queue: 'audit', blind: true, offer: offerId, propensity: 1 / 3 };

    it('count, scored alone, where it was drawn before anybody read there', async () => {
      await offer();
      await write(drawn.map((i) => answer(i, shown)));
      await write(validation.filter((i) => i % 3 === 1).map((i) => answer(i, undefined)));
      const { part } = await measured();
      expect(part).toMatchObject({ read_again: 'sample', counts: 'on_sample' });
      expect(part.on_sample?.samples).toBe(drawn.length);
      expect(part.sentence).toMatch(
        /A random sample of 50 labels of the validation part, drawn before anybody read there/,
      );
    });

    it('do not count where labels were read before it was drawn', async () => {
      await write([answer(151, { blind: true })]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await offer();
      await write(drawn.map((i) => answer(i, shown)));
      expect((await measured()).part).toMatchObject({ read_again: 'chosen', on_sample: null });
    });

    it('do not count where one of it was not answered', async () => {
      await offer();
      await write(drawn.slice(1).map((i) => answer(i, shown)));
      expect((await measured()).part).toMatchObject({ read_again: 'chosen', on_sample: null });
    });
  });

  it('are the same labels where nothing changed', async () => {
    const { part } = await measured();
    expect(part).toMatchObject({ changed: 0, read_again: 'unchanged', counts: 'by_labels_now' });
    expect(part.by_labels_now).toEqual(part.by_labels_before);
  });
});
