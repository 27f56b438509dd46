/** Cohorts, shortcuts, corrections and the map of a project, asked of a process of their own. */
import * as path from 'node:path';
import { refuseBlind } from '../blindReading';
import { withItsCode } from '../helperProcess';
import { IdleProcess } from '../idleProcess';
import type { Open } from '../openProjects';
import type { LookingMethods, LookingPlace } from './lookingApi';

export class Looking extends IdleProcess<LookingMethods> {
  constructor() {
    super(path.join(__dirname, 'looking.js'));
  }
}

/**
 * @throws OVR412 while somebody reads blind: all of this says what the model or the labels say; what the question throws
 */
export async function look<T>(
  { project, blind, looking }: Pick<Open, 'blind' | 'looking' | 'project'>,
  ask: (rpc: Looking['rpc'], place: LookingPlace) => Promise<T>,
): Promise<T> {
  refuseBlind(blind);
  return withItsCode(() => ask(looking.rpc, { root: project.root, policy: project.folder.policy }));
}
