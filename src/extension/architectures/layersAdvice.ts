/** Which training the number of images is enough for, and whether it can be started here. */
import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engineClient';
import type { EditorPythons } from '../python/editorPythons';
import type { Catalogs } from './catalogs';

/** `last block`: from 1,000 images on, where a Python with PyTorch is there; null where nothing is suggested or PyTorch lacks. */
export type OfferedTraining = 'last layer' | 'last block' | null;

/** A Python without PyTorch may have it by then, ms. */
const askedAgainAfter = 60_000;

interface LayersAdviceOptions {
  readonly engine: Pick<EngineClient, 'call'>;
  readonly catalogs: Pick<Catalogs, 'of'>;
  readonly pythons: Pick<EditorPythons, 'ask' | 'offered'>;
}

export class LayersAdvice {
  /** By the Pythons that are offered. */
  private readonly found = new Map<string, { readonly isHere: boolean; readonly at: number }>();

  constructor(private readonly options: LayersAdviceOptions) {}

  /** @param root of a project @throws RemoteError what the engine says */
  async of(root: string): Promise<OfferedTraining> {
    const { suggestion } = await this.options.catalogs.of(root);
    if (suggestion?.train !== 'last block') return suggestion?.train ?? null;
    return (await this.isTorchHere(vscode.Uri.file(root))) ? 'last block' : null;
  }

  private async isTorchHere(folder: vscode.Uri): Promise<boolean> {
    const { engine, pythons } = this.options;
    await pythons.ask(folder, false);
    const offered = pythons.offered(folder);
    const key = JSON.stringify(offered);
    const known = this.found.get(key);
    if (known && (known.isHere || Date.now() - known.at < askedAgainAfter)) return known.isHere;
    const isHere = await engine.call('isTorchHere', offered);
    this.found.set(key, { isHere, at: Date.now() });
    return isHere;
  }
}
