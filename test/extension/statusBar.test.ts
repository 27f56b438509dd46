/** The item of the status bar: what it says and what a click does, from state to state. */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import type * as vscode from 'vscode';
import { commands } from '../../src/extension/contributions';
import type { Services } from '../../src/extension/services';
import { showEdits } from '../../src/extension/statusBar';
import { countedInImages } from './support/extension';

type Item = Pick<vscode.StatusBarItem, 'text' | 'command'> & { tooltip: string; shown: boolean };

function shown(
  summary: { latestRun: string | null; editsSinceRun: number } | undefined,
  running: boolean | { stage: string; done: number; total?: number; message?: string } = false,
): Item {
  const item = { text: '', command: undefined as Item['command'], tooltip: '', shown: false };
  const target = { ...item, show: () => (item.shown = true), hide: () => (item.shown = false) };
  showEdits(
    target as unknown as vscode.StatusBarItem,
    {
      projects: {
        current: {
          root: '/p',
          summary: summary && { name: 'Sample', queueInfos: countedInImages, ...summary },
        },
      },
      taskWatcher: { finetuning: () => (running === true ? { task: { name: 'Fine-tune' } } : undefined) },
      jobs: { running: () => (typeof running === 'object' ? { progress: running } : undefined) },
    } as unknown as Services,
  );
  return { text: target.text, command: target.command, tooltip: target.tooltip, shown: item.shown };
}

suite('status bar', () => {
  const run = '2026-01-02T030405.006Z-lite0';

  test('is shown where there is something to do', () => {
    assert.equal(shown(undefined).shown, false);
    assert.equal(shown({ latestRun: run, editsSinceRun: 0 }).shown, false);
    assert.match(shown({ latestRun: null, editsSinceRun: 0 }).text, /Fine-tune$/);
    assert.match(
      shown({ latestRun: run, editsSinceRun: 1 }).text,
      /1 image edited since run lite0 · Fine-tune/,
    );
    assert.match(shown({ latestRun: run, editsSinceRun: 20 }).text, /20 images edited since run lite0/);
    assert.match(shown({ latestRun: run, editsSinceRun: 20 }, true).text, /Fine-tuning$/);
    const job = { stage: 'features', done: 9, total: 60 };
    assert.match(shown({ latestRun: run, editsSinceRun: 0 }, job).text, /Fine-tuning: features 9\/60$/);
  });

  test('has the figures of a training by PyTorch: loss, AUROC, memory', () => {
    const job = {
      stage: 'train inner',
      done: 3,
      total: 20,
      message: 'loss 0.4210, AUROC 0.912, 9.1 GB of GPU memory',
    };
    const item = shown({ latestRun: run, editsSinceRun: 0 }, job);
    assert.match(item.text, /Fine-tuning: train inner 3\/20, loss 0\.4210, AUROC 0\.912, 9\.1 GB/);
    assert.match(item.tooltip, /^loss 0\.4210, AUROC 0\.912, 9\.1 GB of GPU memory\nClick for the terminal$/);
  });

  test('has commands that outlive a renewal: a click under way is not lost', () => {
    assert.equal(shown({ latestRun: null, editsSinceRun: 0 }).command, commands.finetune);
    assert.equal(shown({ latestRun: run, editsSinceRun: 2 }).command, commands.finetune);
    assert.equal(shown({ latestRun: run, editsSinceRun: 2 }, true).command, commands.followJob);
  });
});
