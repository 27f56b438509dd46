/** The elements of a DICOM file for a person who opens it. */
import * as path from 'node:path';
import { OverreadError } from '../core/base/errors';
import { firstShown } from '../core/dicom/dicom';
import { DicomFault } from '../core/dicom/fault';
import { readDicomHeader } from '../core/dicom/header';
import { listTags, readTagDictionary } from '../core/dicom/tagList';
import { nameTransferSyntax } from '../core/dicom/transferSyntax';
import type { DicomTags } from '../protocol/engineApi';

/** @param file absolute @throws OVR301 it is no DICOM file; OVR304 no plain file; what the file system says */
export async function dicomTags(file: string): Promise<DicomTags> {
  try {
    const header = await readDicomHeader(file);
    const { tags, whole } = listTags(header.dataSet, header.textsIn, readTagDictionary());
    const written = Number(header.texts('x00280008')[0] ?? 1);
    const frames = Number.isInteger(written) && written > 0 ? written : 1;
    return {
      tags,
      whole,
      frames,
      firstShown: firstShown(header.dataSet, frames) + 1,
      syntax: nameTransferSyntax(header.syntax),
      whyNoPicture: header.whyNoPicture ?? null,
    };
  } catch (error) {
    if (!(error instanceof DicomFault)) throw error;
    throw new OverreadError({
      code: 'OVR301',
      message: `The DICOM file cannot be read: ${error.message}`,
      place: { file: path.basename(file) },
      expected: 'a DICOM file with its elements whole',
      fix: 'Replace the file',
      cause: error,
    });
  }
}
