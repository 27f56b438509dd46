/** Commands of a review that finds wrong labels by what its reader changes. */
import * as vscode from 'vscode';
import { projectOf, type Handlers } from './command';

export const suspectCommands = {
  async offerLabels(services, arg) {
    const project = projectOf(services, arg);
    if (project) await services.offers.next(project);
  },
  async auditLabels(services, arg) {
    const project = projectOf(services, arg);
    if (project) await services.offers.audit(project);
  },
  async showYield(services, arg) {
    const project = projectOf(services, arg);
    if (project) await vscode.tasks.executeTask(services.tasks.yieldTask(project));
  },
} satisfies Handlers;
