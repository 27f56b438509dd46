/** What a command says of label events that do not count. */
import type { Project } from '../core/project/project';
import type { CommandContext } from './command';

/** Labels that do not count: whoever labels is the one to hear of it. */
export function tellLabelProblems(context: CommandContext, { problems }: Pick<Project, 'problems'>): void {
  context.out.problems(
    problems.filter(({ code, severity }) => code.startsWith('OVR4') && severity !== 'info'),
  );
}
