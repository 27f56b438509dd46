/**
 * Every command of the palette, the views and the editors, one row each: what `package.json` says of it, and what it
 * needs. What it does stands under the same name in `commands/`. The manifest is made from the rows
 * (`npm run manifest`). Nothing here imports `vscode`.
 */
import { icon, inView, onItem, projectsHere, type CommandRow } from './rows';

export const commandRows = [
  {
    name: 'newProjectFromFolder',
    title: 'New Project from Folder…',
    icon: icon('new-folder'),
    needs: ['trust'],
    menus: [
      inView('dataset', '1_project@2', 'always'),
      {
        in: 'explorer/context',
        when: 'resourceScheme == file && explorerResourceIsFolder',
        group: '3_compare@91',
      },
    ],
  },
  {
    name: 'newProjectFromCsv',
    title: 'New Project from CSV…',
    icon: icon('table'),
    needs: ['trust'],
    menus: [
      inView('dataset', '1_project@3', 'always'),
      {
        in: 'explorer/context',
        when: 'resourceScheme == file && resourceExtname =~ /^\\.(csv|tsv|parquet|xlsx)$/i',
        group: '3_compare@92',
      },
    ],
  },
  {
    name: 'newProjectFromDicom',
    title: 'New Project from DICOM Files…',
    icon: icon('file-media'),
    needs: ['trust'],
    menus: [
      inView('dataset', '1_project@3', 'always'),
      {
        in: 'explorer/context',
        when: 'resourceScheme == file && explorerResourceIsFolder',
        group: '3_compare@93',
      },
    ],
  },
  {
    name: 'createSampleProject',
    title: 'Create Sample Project…',
    needs: ['trust'],
    menus: [inView('dataset', '1_project@4', 'always')],
  },
  {
    name: 'selectProject',
    title: 'Select Project…',
    needs: ['project'],
    menus: [inView('dataset', '1_project@1')],
  },
  {
    name: 'openConfiguration',
    title: 'Open Configuration',
    icon: icon('go-to-file'),
    needs: ['project'],
    menus: [inView('dataset', 'navigation@2')],
  },
  {
    name: 'chooseArchitecture',
    title: 'Choose Architecture…',
    needs: ['trust', 'project'],
    menus: [inView('dataset', '2_architecture@1')],
  },
  {
    name: 'truncateArchitecture',
    title: 'Cut Architecture after a Block…',
    needs: ['trust', 'project'],
    menus: [inView('dataset', '2_architecture@2')],
  },
  {
    name: 'checkData',
    title: 'Check Data',
    needs: ['trust', 'project'],
    menus: [inView('dataset', '3_data@1'), inView('queues', '3_checks@1')],
  },
  {
    name: 'showFindings',
    title: 'Findings of the Check…',
    needs: ['trust', 'project'],
    menus: [inView('queues', '3_checks@2')],
  },
  // What a quick fix of a finding calls, with its id.
  {
    name: 'keepFindingTogether',
    title: 'Keep Images of a Finding Together…',
    needs: ['trust', 'project'],
    palette: 'never',
  },
  {
    name: 'excludeOfFinding',
    title: 'Exclude an Image of a Finding…',
    needs: ['trust', 'project'],
    palette: 'never',
  },
  { name: 'openFinding', title: 'Open a Finding in the Grid', needs: ['project'], palette: 'never' },
  { name: 'letFindingBe', title: 'Let a Finding Be…', needs: ['trust', 'project'], palette: 'never' },
  {
    name: 'relinkImages',
    title: 'Relink Moved Images…',
    needs: ['trust', 'project'],
    menus: [inView('dataset', '3_data@2')],
  },
  {
    name: 'refresh',
    title: 'Refresh',
    icon: icon('refresh'),
    needs: [],
    menus: [inView('dataset', 'navigation@3', 'always')],
  },
  {
    name: 'finetune',
    title: 'Fine-tune Last Layer',
    icon: icon('sparkle'),
    needs: ['trust', 'project'],
    menus: [
      inView('dataset', 'navigation@1'),
      inView('runs', 'navigation@1'),
      { in: 'editor/title', when: 'resourceFilename == overread.yaml', group: 'navigation@1' },
    ],
  },
  {
    name: 'finetuneLastBlock',
    title: 'Fine-tune Last Block with PyTorch',
    needs: ['trust', 'project'],
    // Offered where the images are enough and PyTorch is there: above overread.yaml and behind its `model:`.
    palette: 'never',
  },
  {
    name: 'followJob',
    title: 'Show Running Fine-tuning',
    needs: ['trust', 'project'],
    menus: [inView('runs', '2_job@1'), onItem('runs', 'overread.jobNode', '1_job@2')],
  },
  {
    name: 'cancelJob',
    title: 'Cancel Running Fine-tuning',
    needs: ['trust', 'project'],
    menus: [inView('runs', '2_job@2'), onItem('runs', 'overread.jobNode', '1_job@3')],
  },
  {
    name: 'showTraining',
    title: 'Show Training…',
    icon: icon('graph-line'),
    needs: ['project'],
    menus: [
      inView('runs', '2_job@0'),
      onItem('runs', 'overread.jobNode', 'inline@0'),
      onItem('runs', 'overread.jobNode', '1_job@1'),
    ],
  },
  {
    name: 'reviewErrors',
    title: 'Review Errors',
    icon: icon('eye'),
    needs: ['project', 'run'],
    menus: [
      inView('queues', 'navigation@1'),
      {
        in: 'editor/title',
        when: 'resourceFilename == overread.yaml && overread.hasRun',
        group: 'navigation@2',
      },
    ],
  },
  {
    name: 'reviewAll',
    title: 'Review All Images',
    needs: ['project'],
    menus: [inView('queues', '1_review@1')],
  },
  {
    name: 'reviewChecks',
    title: 'Review What the Check Found',
    needs: ['project'],
    menus: [inView('queues', '3_checks@0')],
  },
  {
    name: 'offerLabels',
    title: 'Offer Ten Labels to Look at Blind',
    needs: ['trust', 'project'],
    menus: [inView('queues', '2_suspects@1')],
  },
  {
    name: 'auditLabels',
    title: 'Audit: Can the Review End?',
    needs: ['trust', 'project'],
    menus: [inView('queues', '2_suspects@2')],
  },
  {
    name: 'showYield',
    title: 'Show What the Review Found',
    needs: ['trust', 'project'],
    menus: [inView('queues', '2_suspects@3')],
  },
  {
    name: 'reviewInOverread',
    title: 'Review in Overread',
    needs: ['project'],
    palette: 'never',
    menus: [
      {
        in: 'explorer/context',
        when: `resourceScheme == file && (resourceExtname =~ /^\\.(jpe?g|png|tiff?|webp|gif|bmp|pgm|ppm|pbm|pnm|dcm|dicom)$/i || (explorerResourceIsFolder && ${projectsHere}))`,
        group: '3_compare@90',
      },
    ],
  },
  // Its filter is text of the project: run only where the workspace is trusted.
  {
    name: 'openSavedQueue',
    title: 'Show Queue of the Project',
    needs: ['trust', 'project'],
    palette: 'never',
  },
  { name: 'openQuery', title: 'Show in Review Grid', needs: ['project'], palette: 'never' },
  {
    name: 'exportModel',
    title: 'Export Model…',
    icon: icon('export'),
    needs: ['trust', 'project', 'run'],
    menus: [onItem('runs', 'overread.run', 'inline@1'), onItem('runs', 'overread.run', '1_run@1')],
  },
  {
    name: 'exportLabels',
    title: 'Export Labels…',
    needs: ['trust', 'project'],
    menus: [inView('dataset', '2_export@1')],
  },
  {
    name: 'importPredictions',
    title: 'Import Predictions…',
    needs: ['trust', 'project'],
    menus: [inView('runs', '1_import@1')],
  },
  {
    name: 'openRun',
    title: 'Open Run…',
    icon: icon('graph-line'),
    needs: ['project', 'run'],
    menus: [
      inView('runs', '3_compare@0'),
      onItem('runs', 'overread.run', 'inline@0'),
      onItem('runs', 'overread.run', '1_run@-1'),
    ],
  },
  {
    name: 'report',
    title: 'Report',
    needs: ['trust', 'project', 'run'],
    menus: [onItem('runs', 'overread.run', '1_run@4')],
  },
  {
    name: 'useRun',
    title: 'Show in Review',
    // No run: where there are imported ones alone, none is shown yet.
    needs: ['trust', 'project'],
    palette: 'never',
    menus: [onItem('runs', 'overread.run', '1_run@0')],
  },
  {
    name: 'compareWithRun',
    title: 'Compare with Run…',
    icon: icon('diff'),
    needs: ['project', 'run'],
    menus: [inView('runs', '3_compare@1'), onItem('runs', 'overread.run', '1_run@3')],
  },
  {
    name: 'openCohorts',
    title: 'Show Cohorts',
    icon: icon('organization'),
    needs: ['project', 'run'],
    menus: [inView('runs', '3_compare@2'), onItem('runs', 'overread.run', '1_run@4')],
  },
  {
    name: 'openMap',
    title: 'Show Map of Images',
    icon: icon('globe'),
    needs: ['project', 'run'],
    menus: [inView('runs', '3_compare@3'), onItem('runs', 'overread.run', '1_run@5')],
  },
  {
    name: 'deleteRun',
    title: 'Delete Run…',
    icon: icon('trash'),
    needs: ['trust', 'project', 'run'],
    menus: [onItem('runs', 'overread.run', 'inline@2'), onItem('runs', 'overread.run', '9_delete@1')],
  },
  {
    name: 'revealRun',
    title: 'Reveal Run in Explorer',
    needs: ['project', 'run'],
    menus: [onItem('runs', 'overread.run', '1_run@2')],
  },
  {
    name: 'compare',
    title: 'Compare Architectures…',
    icon: icon('graph-scatter'),
    needs: ['trust', 'project'],
    menus: [inView('runs', 'navigation@2')],
  },
  {
    name: 'sweep',
    title: 'Sweep Settings',
    needs: ['trust', 'project'],
    menus: [inView('runs', '2_sweep@1')],
  },
  {
    name: 'openComparison',
    title: 'Open Comparison…',
    needs: ['project'],
    menus: [onItem('runs', 'overread.comparisonNode', '1_comparison@1')],
  },
  {
    name: 'deleteComparison',
    title: 'Delete Comparison…',
    icon: icon('trash'),
    needs: ['trust', 'project'],
    menus: [
      onItem('runs', 'overread.comparisonNode', 'inline@2'),
      onItem('runs', 'overread.comparisonNode', '9_delete@1'),
    ],
  },
  {
    name: 'revealComparison',
    title: 'Reveal Comparison in Explorer',
    needs: ['project'],
    menus: [onItem('runs', 'overread.comparisonNode', '1_comparison@2')],
  },
  { name: 'undoLabelEdit', title: 'Undo Label Edit', needs: ['trust', 'project'] },
  { name: 'redoLabelEdit', title: 'Redo Label Edit', needs: ['trust', 'project'] },
  { name: 'doctor', title: 'Doctor: Devices, Weights and Versions', needs: ['trust'] },
  { name: 'setUpCuda', title: 'Set Up CUDA for Features on an NVIDIA Card', needs: ['trust'] },
  { name: 'setUpPython', title: 'Set Up Python for Training with PyTorch', needs: ['trust'] },
  { name: 'restartEngine', title: 'Restart Engine', needs: [] },
  { name: 'showLog', title: 'Show Log', needs: [] },
  { name: 'showTerminal', title: 'Show Terminal', needs: [], palette: 'never' },
  { name: 'openWalkthrough', title: 'Get Started', needs: [] },
] as const satisfies readonly CommandRow[];

export type CommandName = (typeof commandRows)[number]['name'];
