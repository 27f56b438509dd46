/** `overread image FILE[#frame] --out F.npy|F.png`: one image as numbers or as a picture, of any format. */
import * as path from 'node:path';
import { Option, type Command } from 'commander';
import sharp from 'sharp';
import { OverreadError } from '../../core/base/errors';
import { writeFileAtomic } from '../../core/base/files';
import { userCacheFolder } from '../../core/base/userCache';
import { loadConfig } from '../../core/config/config';
import { levelsOfInput, readArray, type ArrayKind, type ImageArray } from '../../core/images/imageArray';
import type { Preprocessing } from '../../core/images/model';
import { defaultArchitecture, getArchitecture } from '../../core/networks';
import { resolveProjectWeights } from '../../core/project/projectWeights';
import { action, withOutputOptions, type CommandContext, type Surroundings } from '../command';
import { npyFile, sampleType } from '../npy';

interface Flags {
  readonly out: string;
  readonly as: ArrayKind;
  readonly project?: string;
}

export function addImage(program: Command, surroundings: Surroundings): void {
  withOutputOptions(program.command('image'))
    .description('write an image as it is stored, as it is shown, or as the network gets it')
    .argument('<file>', 'an image of any format; a frame of a DICOM file as scan.dcm#12')
    .requiredOption('--out <file>', '.npy (numbers) or .png (a picture)')
    .addOption(
      new Option('--as <what>', 'before display, 8 bit as tiles show it, or float32 after preprocessing')
        .choices(['stored', 'shown', 'input'])
        .default('shown'),
    )
    .option('--project <dir>', 'whose network --as input speaks of (default: densenet121 as published)')
    .action(
      action(surroundings, async (context, flags: Flags, file: string) => {
        const out = context.resolve(flags.out);
        const ending = path.extname(out).toLowerCase();
        if (ending !== '.npy' && ending !== '.png') {
          throw new OverreadError({
            code: 'OVR001',
            message: `An image cannot be written to "${flags.out}"`,
            expected: 'a file name that ends in .npy or .png',
          });
        }
        const preprocessing = await preprocessingFor(context, flags);
        const array = await readArray(context.resolve(file), flags.as, preprocessing);
        const bytes =
          ending === '.npy'
            ? npyFile(array.data, array.shape)
            : await pictureOf(flags.as === 'input' ? levelsOfInput(array, preprocessing) : array);
        await writeFileAtomic(out, bytes);
        const type = sampleType(array.data);
        context.out.line(`${flags.out}: ${array.shape.join(' × ')} ${type}`);
        context.out.json({ file: out, as: flags.as, shape: array.shape, type });
        return undefined;
      }),
    );
}

async function preprocessingFor(context: CommandContext, { as, project }: Flags): Promise<Preprocessing> {
  if (as !== 'input' || project === undefined) return getArchitecture(defaultArchitecture).preprocessing;
  const root = await context.project(project);
  const config = await loadConfig(root);
  const { identity } = await resolveProjectWeights(config, {
    root,
    cacheDir: userCacheFolder(context.env),
    env: context.env,
    ...context.work,
  });
  return identity.preprocessing;
}

/** @throws OVR001 where PNG cannot hold the numbers */
async function pictureOf({ data, shape }: ImageArray): Promise<Uint8Array> {
  const [height = 0, width = 0, channels = 1] = shape;
  if (!(data instanceof Uint8Array) && !(data instanceof Uint16Array)) {
    throw new OverreadError({
      code: 'OVR001',
      message: 'A PNG holds whole numbers of 8 or 16 bit without a sign, and this image has others',
      fix: 'Write a .npy file, or take --as shown',
    });
  }
  const sixteen = data instanceof Uint16Array;
  const picture = sharp(data, {
    raw: { width, height, channels: channels === 3 ? 3 : 1 },
    limitInputPixels: false,
  });
  // Without it libvips would make 8 bit of it.
  if (sixteen) picture.toColourspace(channels === 3 ? 'rgb16' : 'grey16');
  else if (channels === 1) picture.toColourspace('b-w');
  return picture.png().toBuffer();
}
