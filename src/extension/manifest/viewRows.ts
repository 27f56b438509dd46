/** The views of the activity bar, and what each says while it has nothing to list. */

export interface ViewRow {
  /** The id without `overread.`. */
  readonly name: string;
  readonly title: string;
  /** Share of the height, against the others. */
  readonly size: number;
  readonly welcome: readonly WelcomeRow[];
}

export interface WelcomeRow {
  /** The key of its text, after `welcome.`. */
  readonly key: string;
  readonly when: string;
  /** Markdown as the editor's welcome views read it: a link on a line of its own is a button. */
  readonly text: string;
}

const [newFromFolder, newFromCsv, sample, finetune] = [
  '[New Project from Folder…](command:overread.newProjectFromFolder)',
  '[New Project from CSV…](command:overread.newProjectFromCsv)',
  '[Create Sample Project…](command:overread.createSampleProject)',
  '[Fine-tune Last Layer](command:overread.finetune)',
];
const whatIsThis = '[What is this?](command:overread.openWalkthrough)';

export const viewRows = [
  {
    name: 'dataset',
    title: 'Dataset',
    size: 5,
    welcome: [
      {
        key: 'noProject',
        when: "overread.projects == 'none' && workspaceFolderCount != 0",
        text: `Review what an image classifier gets wrong, correct the labels, fine-tune again.\n${newFromFolder}\n${newFromCsv}\nNo images at hand? The sample is drawn on this machine.\n${sample}\n${whatIsThis}`,
      },
      {
        key: 'noFolder',
        when: 'workspaceFolderCount == 0',
        text: `Open the folder that holds your images, or where they should be reviewed.\n[Open Folder](command:vscode.openFolder)\n${sample}\n${whatIsThis}`,
      },
    ],
  },
  {
    name: 'queues',
    title: 'Review Queues',
    size: 3,
    welcome: [
      {
        key: 'queues',
        when: "overread.projects != 'some'",
        text: 'With a project, the images worth looking at are listed here: errors, disputes, images without a label.',
      },
    ],
  },
  {
    name: 'runs',
    title: 'Runs',
    size: 4,
    welcome: [
      {
        key: 'runs',
        when: 'overread.projectReady && isWorkspaceTrusted',
        text: `No run yet. The first one reads all images; later ones take about a second.\n${finetune}`,
      },
      {
        key: 'untrusted',
        when: 'overread.projectReady && !isWorkspaceTrusted',
        text: 'In a workspace that is not trusted, Overread only shows images.\n[Manage Workspace Trust](command:workbench.trust.manage)',
      },
      {
        key: 'runs.noProject',
        when: "overread.projects != 'some'",
        text: 'Each fine-tuning leaves a run with its metrics here.',
      },
    ],
  },
] as const satisfies readonly ViewRow[];
