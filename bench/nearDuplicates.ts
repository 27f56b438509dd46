/**
 * Near duplicates of breast ultrasound (npm run bench:duplicates): how many of near_duplicates.csv `overread check` finds, and the accuracy
 * with its groups kept together beside the naive one. `--sheet FILE.png --seed N` draws 60 random reported pairs to be judged by
 * eye; the images may not be committed, so the file has to lie elsewhere.
 */
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { SplitMix32 } from '../src/core/base/random';
import type { Check as Finding } from '../src/core/checks/model';
import type { Metrics } from '../src/core/evaluation/model';
import { commandJson } from '../test/support/inProcess';
import { checkBound, writeResult, type Check } from './result';

const data = path.resolve('../shared/data/busi');
const network = ['--architecture', 'tf_efficientnet_lite0', '--weights', 'in1k'];
const copies = ['OVR310', 'OVR311', 'OVR312', 'OVR314'];

type Pair = readonly [string, string];

async function main(): Promise<void> {
  if (!existsSync(path.join(data, 'samples.csv'))) {
    const detail = 'the ultrasound images of ../shared/data/busi are not here';
    writeResult('nearDuplicates', {
      checks: [{ name: 'near duplicates', verdict: 'skipped', detail }],
      figures: {},
    });
    return;
  }
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-duplicates-'));
  try {
    const root = path.join(folder, 'study');
    await commandJson(['init', root, '--csv', path.join(data, 'samples.csv')]);
    const naive = await accuracy(root);
    const { checks: findings } = await commandJson<{ checks: readonly Finding[] }>(['check', root], [0, 1]);
    const groups = groupsOf(findings);
    const pairs = groups.flatMap((group) => pairsOf(group));
    const sheet = option('--sheet');
    if (sheet !== undefined) await drawSheet(path.resolve(sheet), pairs, Number(option('--seed') ?? 1));
    for (const group of groups) {
      await commandJson(['together', root, ...group, '--annotator', 'bench']).catch(() => undefined);
    }
    const honest = await accuracy(root);
    const known = await knownPairs();
    const recall = known.filter(([a, b]) => groups.some((group) => group.includes(a) && group.includes(b)));
    const share = recall.length / known.length;
    const contradictions = findings.filter(({ kind }) => kind === 'contradiction').length;
    const areFirst = findings.slice(0, contradictions).every(({ kind }) => kind === 'contradiction');
    const checks: Check[] = [
      checkBound('of the known near duplicates found', share, 'at least 0.98', share >= 0.98),
      checkBound('contradictions, all first', contradictions, 'at least 5', areFirst && contradictions >= 5),
    ];
    writeResult('nearDuplicates', {
      checks,
      figures: { known: known.length, groups: groups.length, pairs: pairs.length, naive, honest },
    });
    console.log(
      `accuracy out of fold: ${naive.toFixed(4)} naive, ${honest.toFixed(4)} with groups kept together`,
    );
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** Of a fine-tune, over the training part, each image by a model that did not see its patient. */
async function accuracy(root: string): Promise<number> {
  const { metrics } = await commandJson<{ metrics: { out_of_fold: Metrics } }>([
    'finetune',
    root,
    ...network,
  ]);
  return metrics.out_of_fold.accuracy.value ?? NaN;
}

/** The images of findings about copies; findings that share an image are one group. */
function groupsOf(findings: readonly Finding[]): string[][] {
  const groups: Set<string>[] = [];
  for (const { code, samples } of findings) {
    if (!copies.includes(code) || samples.length < 2) continue;
    const own = new Set(samples);
    for (const other of groups.filter((group) => samples.some((sample) => group.has(sample)))) {
      for (const sample of other) own.add(sample);
      groups.splice(groups.indexOf(other), 1);
    }
    groups.push(own);
  }
  return groups.map((group) => [...group]);
}

const pairsOf = (group: readonly string[]): Pair[] =>
  group.flatMap((a, i) => group.slice(i + 1).map((b): Pair => [a, b]));

async function knownPairs(): Promise<Pair[]> {
  const [, ...lines] = (await fs.readFile(path.join(data, 'near_duplicates.csv'), 'utf8')).trim().split('\n');
  return lines.map((line): Pair => {
    const [a = '', b = ''] = line.split(',');
    return [a, b];
  });
}

/** Sixty pairs side by side, six in a row, and their names in the terminal. */
async function drawSheet(file: string, pairs: readonly Pair[], seed: number): Promise<void> {
  if (!path.relative(process.cwd(), file).startsWith('..'))
    throw new Error('The sheet has to lie outside the repository');
  const drawn = new SplitMix32(seed).shuffle([...pairs]).slice(0, 60);
  const [side, gap, across] = [130, 12, 6];
  const tiles = await Promise.all(
    drawn.flatMap((pair, n) =>
      pair.map(async (name, k) => ({
        input: await sharp(path.join(data, name)).resize(side, side, { fit: 'contain' }).png().toBuffer(),
        left: (n % across) * (2 * side + gap) + k * side,
        top: Math.floor(n / across) * (side + gap),
      })),
    ),
  );
  const height = Math.ceil(drawn.length / across) * (side + gap);
  await sharp({ create: { width: across * (2 * side + gap), height, channels: 3, background: '#335' } })
    .composite(tiles)
    .png()
    .toFile(file);
  for (const [n, pair] of drawn.entries()) console.log(`${n + 1}: ${pair.join(' | ')}`);
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

void main();
