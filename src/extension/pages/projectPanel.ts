/** A page in an editor tab that shows something of one project. */
import type { ProjectSummary } from '../../protocol/engineApi';
import { RemoteError } from '../../protocol/rpc';
import type { Project } from '../projects/project';
import type { OpenPage } from './openPages';
import type { PagePanel } from './pagePanel';

export abstract class ProjectPanel<Methods extends object> implements OpenPage {
  protected abstract readonly page: PagePanel<Methods, object>;

  constructor(readonly project: Project) {}

  onDidDispose(listener: () => void): void {
    this.page.onDidDispose(listener);
  }

  show(): void {
    this.page.panel.reveal();
  }

  dispose(): void {
    this.page.dispose();
  }

  /** The project, read. @throws RemoteError why it cannot be read */
  protected async summary(): Promise<ProjectSummary> {
    await this.project.load();
    if (this.project.summary) return this.project.summary;
    throw new RemoteError(this.project.failure ?? { code: 'OVR100', message: '' });
  }
}
