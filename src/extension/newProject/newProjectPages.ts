/** The projects that are about to be made in this window. */
import { parseNewProjectState, type NewProjectSource } from '../../protocol/newProjectApi';
import type { Disposable } from '../disposables';
import { OpenPages } from '../pages/openPages';
import { NewProjectPanel, type NewProjectOptions } from './newProjectPanel';

export class NewProjectPages implements Disposable {
  readonly pages = new OpenPages<NewProjectPanel>({
    page: 'newProject',
    restore: (panel, saved) => {
      const state = parseNewProjectState(saved);
      return Promise.resolve(state && new NewProjectPanel({ ...this.services, ...state }, panel));
    },
  });

  constructor(private readonly services: Omit<NewProjectOptions, 'root' | 'source' | 'chosen'>) {}

  /** @param root absolute: the folder of the project */
  open(root: string, source: NewProjectSource): void {
    for (const page of this.pages.all) if (page.root === root) page.dispose();
    this.pages.keep(new NewProjectPanel({ ...this.services, root, source })).show();
  }

  dispose(): void {
    this.pages.dispose();
  }
}
