/**
 * The sections of a report, one row each, in the order of the page. A further one is a row and a function here. The names
 * of what is reported are those of TRIPOD+AI (Collins et al., BMJ 2024;385:e078378) and CLAIM (Tejani et al., Radiology: AI
 * 2024;6:e240300), so that whoever fills in a checklist finds it.
 */
import type { WorkOptions } from '../base/ports';
import type { RunAnalysis } from '../evaluation/runAnalysis';
import type { Project } from '../project/project';
import type { WholeRun } from '../runs/wholeRun';
import { checksSection } from './checksSection';
import { cohortsSection } from './cohortsSection';
import { dataSection, splitSection } from './dataSections';
import { errorsSection } from './errorsSection';
import {
  calibrationSection,
  confusionSection,
  curvesSection,
  figuresSection,
  pointsSection,
} from './figureSections';
import type { HtmlNode } from './html';
import { correctionsSection, suspectsSection } from './labelSections';
import { modelSection } from './modelSection';

/** What a section is made from. */
export interface ReportContext extends WorkOptions {
  readonly project: Project;
  readonly run: WholeRun;
  readonly analysis: RunAnalysis;
  /** Images are shown. */
  readonly thumbnails: boolean;
  /** Where the user's caches are. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What an image is called in the report: it says nothing of its path or patient. */
  readonly nameOf: (sample: string) => string;
}

export interface ReportSection {
  /** Of links to it: letters and hyphens. */
  readonly id: string;
  readonly title: string;
  /** The items of the two checklists that it reports. */
  readonly items: string;
  /** What stands in it; null: it is left out. */
  readonly render: (
    context: ReportContext,
  ) => Promise<readonly HtmlNode[] | null> | readonly HtmlNode[] | null;
}

export const reportSections: readonly ReportSection[] = [
  {
    id: 'data',
    title: 'Data',
    items: 'TRIPOD+AI: Data (5), Participants (20) · CLAIM: Data',
    render: dataSection,
  },
  {
    id: 'split',
    title: 'Data partitions',
    items: 'TRIPOD+AI: Analytical methods (12), Training versus evaluation (16) · CLAIM: Data Partitions',
    render: splitSection,
  },
  {
    id: 'model',
    title: 'Model',
    items: 'TRIPOD+AI: Analytical methods (12), Model specification (22) · CLAIM: Model, Training',
    render: modelSection,
  },
  {
    id: 'performance',
    title: 'Model performance',
    items: 'TRIPOD+AI: Model performance (23) · CLAIM: Evaluation, Model Performance',
    render: figuresSection,
  },
  {
    id: 'calibration',
    title: 'Calibration',
    items: 'TRIPOD+AI: Model performance (23) · CLAIM: Evaluation',
    render: calibrationSection,
  },
  {
    id: 'curves',
    title: 'Curves',
    items: 'TRIPOD+AI: Model performance (23) · CLAIM: Model Performance',
    render: curvesSection,
  },
  {
    id: 'points',
    title: 'Operating points',
    items: 'TRIPOD+AI: Model output (15) · CLAIM: Evaluation',
    render: pointsSection,
  },
  {
    id: 'confusion',
    title: 'Confusion',
    items: 'TRIPOD+AI: Model performance (23) · CLAIM: Model Performance',
    render: confusionSection,
  },
  {
    id: 'cohorts',
    title: 'Subgroups',
    items: 'TRIPOD+AI: Fairness (14), Model performance (23) · CLAIM: Model Performance (subgroups)',
    render: cohortsSection,
  },
  {
    id: 'errors',
    title: 'Largest errors',
    items: 'CLAIM: Model Performance (failure analysis)',
    render: errorsSection,
  },
  {
    id: 'suspects',
    title: 'Suspected labels',
    items: 'TRIPOD+AI: Outcome (8) · CLAIM: Reference Standard',
    render: suspectsSection,
  },
  {
    id: 'checks',
    title: 'Checks of the data',
    items: 'TRIPOD+AI: Data preparation (7) · CLAIM: Data',
    render: checksSection,
  },
  {
    id: 'corrections',
    title: 'Corrections',
    items: 'TRIPOD+AI: Outcome (8) · CLAIM: Reference Standard (annotation)',
    render: correctionsSection,
  },
];
