/** Commands that open the pages about a project as a whole. */
import { projectOf, type Handlers } from './command';

export const lookingCommands = {
  openCohorts(services, arg) {
    const project = projectOf(services, arg);
    if (project) services.cohorts.open(project);
  },
  openMap(services, arg) {
    const project = projectOf(services, arg);
    if (project) services.maps.open(project);
  },
} satisfies Handlers;
