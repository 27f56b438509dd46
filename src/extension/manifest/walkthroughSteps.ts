/** The steps of "Get started with Overread": each with its picture, and what completes it. */
import { gridCommandRows, type GridCommandRow } from './gridCommandRows';

export interface WalkthroughStep {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  /** What the picture `media/walkthrough/<name>.svg` shows. */
  readonly alt: string;
  readonly completedBy: readonly string[];
}

const rows: readonly GridCommandRow[] = gridCommandRows;

export const walkthroughTitle = 'Get started with Overread';
export const walkthroughText = 'From a folder of images to corrected labels and a better model.';

export const walkthroughSteps: readonly WalkthroughStep[] = [
  {
    name: 'project',
    title: 'Make a project',
    text: 'A project is a folder with an overread.yaml. Your images and table stay where they are and are never rewritten.\n[New Project from Folder…](command:overread.newProjectFromFolder)\n[New Project from CSV…](command:overread.newProjectFromCsv)\n[New Project from DICOM Files…](command:overread.newProjectFromDicom)\nWithout images of your own, draw the synthetic sample:\n[Create Sample Project…](command:overread.createSampleProject)\nThen look through it: images that are missing, damaged or there twice, leaks, contradictions.\n[Check Data](command:overread.checkData)',
    alt: 'A folder of images becomes a project with overread.yaml, labels and runs',
    completedBy: ["onContext:overread.projects == 'some'"],
  },
  {
    name: 'architecture',
    title: 'Choose a network',
    text: 'Say what the images are (modality and anatomy in overread.yaml), and one is suggested: DenseNet-121 for X-rays of the lungs. What you fix in the data brings more than another network; where you want to know, compare them on the same folds.\n[Choose Architecture…](command:overread.chooseArchitecture)\n[Compare Architectures…](command:overread.compare)',
    alt: 'Networks with what each is used for, its parameters and its GMACs',
    completedBy: ['onCommand:overread.chooseArchitecture', 'onCommand:overread.compare'],
  },
  {
    name: 'finetune',
    title: 'Fine-tune the last layer',
    text: 'An ImageNet network turns each image into numbers, once; a new last layer is fitted on them. Every training image is judged by a model that has not seen its patient.\n[Fine-tune Last Layer](command:overread.finetune)',
    alt: 'Features go through the cache into a new last layer',
    completedBy: ['onContext:overread.hasRun'],
  },
  {
    name: 'review',
    title: 'Review every error',
    text: 'All images that the model gets wrong, worst first. Filter by class, by part, from the confusion matrix, or by an SQL expression.\n[Review Errors](command:overread.reviewErrors)',
    alt: 'A grid of tiles with given and predicted label',
    completedBy: ['onCommand:overread.reviewErrors', 'onCommand:overread.openQuery'],
  },
  {
    name: 'heatmap',
    title: 'See where the evidence is',
    text: 'H lays a heat map over the image in Read mode, Shift+H over every tile, for the predicted class or any other. Evidence on a marker, a tube or a corner tells of the data, not of the disease.\n[Toggle Heat Maps on Tiles](command:overread.grid.toggleTileHeatmaps)',
    alt: 'Two images: evidence in the lung, and evidence on a marker in the corner',
    completedBy: ['onCommand:overread.grid.toggleHeatmap', 'onCommand:overread.grid.toggleTileHeatmaps'],
  },
  {
    name: 'correct',
    title: 'Correct labels with one key',
    text: 'Select tiles and press a key. Each answer is on disk before the tile changes, in a text file that git can merge, with your name; undo takes back your last answer and says what it changed. An answer lets go of the selection. The keys are VS Code keybindings: change them as you like.\n[Show Keybindings](command:workbench.action.openGlobalKeybindings?%22overread.grid%22)',
    alt: 'Keys: 1 to 9 set a label, A accepts, K keeps, U is uncertain, X excludes',
    completedBy: rows.filter((row) => row.answers).map(({ name }) => `onCommand:overread.grid.${name}`),
  },
  {
    name: 'again',
    title: 'Fine-tune again',
    text: 'Features come from the cache, so a refit after corrections takes about a second on a thousand images, and the open grid is ranked anew.\n[Fine-tune Last Layer](command:overread.finetune)',
    alt: 'The loop: fine-tune, review, correct, fine-tune again',
    completedBy: ['onCommand:overread.finetune'],
  },
];
