/** DICOM files in editor tabs, read only: the image as the file wants it shown, and its elements. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { checkedDicomMethods, type DicomEvents, type DicomMethods } from '../../protocol/dicomApi';
import { viewTypes } from '../contributions';
import { DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import { reportOf } from '../failures';
import { PagePanel, type PageServices } from '../pages/pagePanel';

interface DicomServices extends PageServices {
  readonly engine: EngineClient;
}

export class DicomEditors implements Disposable, vscode.CustomReadonlyEditorProvider {
  private readonly store = new DisposableStore();
  private readonly pages = new Set<PagePanel<DicomMethods, DicomEvents>>();

  constructor(private readonly services: DicomServices) {
    this.store.add(vscode.window.registerCustomEditorProvider(viewTypes.dicom, this));
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const { engine, log, extensionUri } = this.services;
    const name = path.basename(uri.fsPath);
    const page = new PagePanel<DicomMethods, DicomEvents>(panel, {
      ...{ page: 'dicom', title: name, log, extensionUri },
      methods: checkedDicomMethods({
        ready: async () => {
          try {
            return { name, file: await engine.call('dicomTags', uri.fsPath) };
          } catch (error) {
            return { name, fault: reportOf(error) };
          }
        },
        pixels: (frame) => engine.call('filePixels', uri.fsPath, frame),
        log: (message) => {
          log.warn(`[dicom page] ${message}`);
          return Promise.resolve();
        },
      }),
    });
    this.pages.add(page);
    page.onDidDispose(() => {
      this.pages.delete(page);
      page.dispose();
    });
    const folder = new vscode.RelativePattern(vscode.Uri.file(path.dirname(uri.fsPath)), '*');
    const watcher = vscode.workspace.createFileSystemWatcher(folder, false, false, true);
    const changed = (file: vscode.Uri): void => {
      if (file.fsPath === uri.fsPath) page.rpc.emit('changed', null);
    };
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
    page.add(watcher);
    page.render();
  }

  dispose(): void {
    for (const page of [...this.pages]) page.dispose();
    this.store.dispose();
  }
}
