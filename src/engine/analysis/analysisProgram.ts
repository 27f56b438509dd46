/** The process that looks at a run, a program of its own: resampling patients takes seconds, and edits never wait for it. */
import { OverreadError } from '../../core/base/errors';
import { present } from '../../core/base/present';
import { candidateThresholds } from '../../core/evaluation/operatingPoints';
import type { OutputEntries } from '../../core/evaluation/part';
import { openProject, type Project } from '../../core/project/project';
import { countTestLooks } from '../../core/project/testLooks';
import { analyseMeasured } from '../../core/report/analyseRun';
import { changedSides, type ChangedSides } from '../../core/report/changedSides';
import { guaranteeOf, whyNoGuarantee } from '../../core/report/untouchedGuarantee';
import { measuredParts, type MeasuredRun } from '../../core/runs/measuredParts';
import { operatingPoint } from '../../core/runs/operatingPoints';
import { readWholeRun, type WholeRun } from '../../core/runs/wholeRun';
import { layOutPart } from '../../core/evaluation/part';
import { serveEngine } from '../helperProcess';
import { standBehind } from '../standBehind';
import type { AnalysisMethods, AnalysisPlace } from './analysisApi';

standBehind();

interface Opened {
  readonly place: AnalysisPlace;
  readonly project: Project;
  readonly run: WholeRun;
  readonly measured: MeasuredRun;
  /** The part whose scores thresholds are chosen by. */
  readonly outOfFold: readonly OutputEntries[];
}

let opened: Opened | undefined;

const methods: AnalysisMethods = {
  openRun: async (place) => {
    const read = await openRun(place);
    opened = read;
    return analyseMeasured(read.project, read.run, read.measured, { bands: false });
  },
  bands: async () => {
    const { project, run, measured } = theRun();
    return analyseMeasured(project, run, measured, { bands: true });
  },
  thresholds: (name) => Promise.resolve(candidateThresholds(entriesOf(shownPart(theRun()), name))),
  tryTarget: (name, target) => {
    const { project, measured, outOfFold } = theRun();
    const point = operatingPoint(measured, project.config, entriesOf(outOfFold, name), target);
    const sides = point.threshold === null ? undefined : sidesOf(theRun(), name, point.threshold);
    return Promise.resolve({
      point,
      called: sides?.called.length ?? 0,
      dropped: sides?.dropped.length ?? 0,
    });
  },
  whyNoGuarantee: async () => {
    const { place, project, run } = theRun();
    return whyNoGuarantee(project, run, await countTestLooks(place.root));
  },
  guarantee: async (asked) => {
    const { place, run } = theRun();
    // As it is now, and not only to be read: the look is written down.
    const project = await openProject(place.root, { policy: place.policy });
    return guaranteeOf(project, run, asked, new Date());
  },
  changed: (name, threshold) => {
    const { called, dropped } = sidesOf(theRun(), name, threshold);
    const { samples } = theRun().project.dataset;
    return Promise.resolve([...called, ...dropped].flatMap((row) => samples[row]?.id ?? []));
  },
};

serveEngine(methods, 'The run could not be looked at; the log has the details');

async function openRun(place: AnalysisPlace): Promise<Opened> {
  const { root, policy, run: name, test } = place;
  const project = await openProject(root, { policy: { ...policy, readOnly: true } });
  const run = await readWholeRun(root, name, project.dataset);
  const measured = measuredParts(project, run, test);
  const outOfFold = layOutPart(measured.inputs.out_of_fold).outputs;
  return { place, project, run, measured, outOfFold };
}

function theRun(): Opened {
  return present(opened, 'the run');
}

/** The first part that is shown. */
function shownPart({ measured, outOfFold }: Opened): readonly OutputEntries[] {
  return measured.parts[0]?.layout.outputs ?? outOfFold;
}

function entriesOf(outputs: readonly OutputEntries[], name: string): OutputEntries {
  const found = outputs.find((output) => output.name === name);
  if (found) return found;
  throw new OverreadError({ code: 'OVR800', message: `The run has no output "${name}"` });
}

function sidesOf({ run, measured }: Opened, name: string, threshold: number): ChangedSides {
  const output = run.record.outputs.indexOf(name);
  const rows = measured.parts.flatMap((part) => [...part.rows]);
  return changedSides(run.predictions, Int32Array.from(rows), output, threshold);
}
