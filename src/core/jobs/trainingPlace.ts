/** Where a job trains: its own folder, or that of the job that it goes on with. */
import * as path from 'node:path';
import { probeEntry } from '../base/plainFile';
import { jobFiles, jobPath, parseRequest, readJobFile } from './files';

/** The job that a request goes on with; undefined where it begins anew. */
export function resumedJob(args: readonly string[]): string | undefined {
  const at = args.indexOf('--resume');
  return at < 0 ? undefined : args[at + 1];
}

/** The job in whose folder one trains. A request may come from anybody: what is no folder's name there is not followed. */
export function trainingPlace(job: string, args: readonly string[]): string {
  const resumed = resumedJob(args);
  return resumed !== undefined && /^[^./\\][^/\\]*$/.test(resumed) ? resumed : job;
}

/** Whether a job has a folder of a training by PyTorch. @param place as `trainingPlace` gives it */
export async function hasTraining(root: string, place: string): Promise<boolean> {
  const folder = path.dirname(path.join(root, jobPath(place, jobFiles.training)));
  return (await probeEntry(folder)) === 'folder';
}

/** The place of a job by its request. @throws OVR807 the request is damaged */
export async function readTrainingPlace(root: string, job: string): Promise<string> {
  const request = await readJobFile(root, job, jobFiles.request, parseRequest);
  return trainingPlace(job, request?.arguments ?? []);
}
