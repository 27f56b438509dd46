/** The map of a project's images in an editor tab. */
import * as vscode from 'vscode';
import { checkedMapMethods, type MapMethods } from '../../protocol/mapApi';
import { openTab, PagePanel } from '../pages/pagePanel';
import { ProjectPanel } from '../pages/projectPanel';
import { samplesQuery } from '../queries';
import type { ProjectPageOptions } from './projectPages';
import { wholeMap } from './wholeMap';

export class MapPanel extends ProjectPanel<MapMethods> {
  protected readonly page: PagePanel<MapMethods, object>;

  constructor(
    private readonly options: ProjectPageOptions,
    panel?: vscode.WebviewPanel,
  ) {
    super(options.project);
    const { project, log, extensionUri } = options;
    const title = vscode.l10n.t('Map: {0}', project.name);
    this.page = new PagePanel<MapMethods, object>(panel ?? openTab('map', title), {
      ...{ page: 'map', title, log, extensionUri },
      methods: checkedMapMethods(this.handlers()),
      imageFolders: () => (project.summary ? [vscode.Uri.file(project.summary.thumbnails)] : []),
    });
    // Where the thumbnails lie is known when the project is read.
    void project.load().finally(() => this.page.render());
  }

  private handlers(): MapMethods {
    const { project, engine, openGrid, log } = this.options;
    const { root, name } = project;
    return {
      ready: () => Promise.resolve({ root, name }),
      map: () => wholeMap(engine, root),
      umap: () => engine.call('umap', root),
      show: async (samples) => {
        openGrid(project, samplesQuery(await this.summary(), samples));
      },
      thumbnail: async (sample) => {
        const [thumbnail] = await engine.call('thumbnails', root, [sample]);
        if (!thumbnail || !('file' in thumbnail)) return null;
        return this.page.panel.webview.asWebviewUri(vscode.Uri.file(thumbnail.file)).toString();
      },
      log: (message) => {
        log.warn(`[map page] ${message}`);
        return Promise.resolve();
      },
    };
  }
}
