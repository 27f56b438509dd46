/**
 * Names for patients and studies that cannot be turned back without a key: HMAC-SHA256 (RFC 2104) over the identifier.
 * The key is the user's, apart from every project and cache; whoever names the same patients the same way has it too.
 */
import { createHmac, randomBytes } from 'node:crypto';
import * as path from 'node:path';
import { OverreadError } from '../../base/errors';
import { isErrnoException } from '../../base/errnoException';
import { sha256 } from '../../base/files';
import { readPlainFile } from '../../base/readPlain';
import { makeSecretFile, replaceSecretFile } from '../../base/secretFile';

const keyFile = 'pseudonym-key';
const keyBytes = 32;
const firstWord = 'overread-pseudonym-key-1';

/** Hexadecimal digits of a name: 48 bits, so that among a million patients two of one name are a chance of 1 in 560. */
const nameDigits = 12;

export class Pseudonyms {
  constructor(private readonly key: Uint8Array) {}

  /**
   * The user's key, made where there is none.
   * @param folder `userConfigFolder`
   * @param make false: a missing key is drawn and not kept, for a command that only looks
   * @throws OVR001 it is damaged; OVR003 it cannot be kept
   */
  static async open(folder: string, make = true): Promise<Pseudonyms> {
    const file = path.join(folder, keyFile);
    const text = await readIfPresent(file);
    if (text !== undefined) return new Pseudonyms(parseKey(text, file));
    const made = new Pseudonyms(randomBytes(keyBytes));
    if (!make) return made;
    await makeSecretFile(folder, keyFile, made.text());
    // Of two processes the first one's key was kept.
    return new Pseudonyms(parseKey((await readIfPresent(file)) ?? '', file));
  }

  /** A key that somebody handed over. @throws OVR001 it is none */
  static async read(file: string): Promise<Pseudonyms> {
    const text = await readIfPresent(file);
    if (text === undefined) throw noKey(file, 'is missing');
    return new Pseudonyms(parseKey(text, file));
  }

  /** Makes it the user's own. @throws OVR001 there is another one already and `replace` is false */
  async keep(folder: string, replace: boolean): Promise<void> {
    const own = await readIfPresent(path.join(folder, keyFile));
    const isOther = own !== undefined && parseKey(own, keyFile).toString('hex') !== this.hex();
    if (isOther && !replace) {
      throw new OverreadError({
        code: 'OVR001',
        message: 'You have another key already, by which your projects name their patients',
        fix: 'Export it first (--export FILE), then take the new one with --replace',
      });
    }
    await replaceSecretFile(folder, keyFile, this.text());
  }

  /** 16 hexadecimal digits that tell keys apart and give none away. */
  get fingerprint(): string {
    return sha256(`${firstWord}\n${this.hex()}`).slice(0, 16);
  }

  /** The name of something. @param kind what it is, so that a patient and a study of one number have two names */
  name(kind: 'patient' | 'study' | 'sample', identifier: string): string {
    return createHmac('sha256', this.key).update(`${kind}\0${identifier}`).digest('hex').slice(0, nameDigits);
  }

  /** The content of a key file. */
  text(): string {
    return `${firstWord} ${this.hex()}\n`;
  }

  private hex(): string {
    return Buffer.from(this.key).toString('hex');
  }
}

function parseKey(text: string, file: string): Buffer {
  const match = new RegExp(`^${firstWord} ([0-9a-f]{${2 * keyBytes}})\\s*$`).exec(text);
  if (!match?.[1]) throw noKey(file, 'is no key');
  return Buffer.from(match[1], 'hex');
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return (await readPlainFile(file)).toString('utf8');
  } catch (error) {
    if (isErrnoException(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function noKey(file: string, what: string): OverreadError {
  return new OverreadError({
    code: 'OVR001',
    message: `The key of pseudonyms ${what}`,
    place: { file: path.basename(file) },
    expected: 'a file that "overread pseudonyms --export FILE" wrote',
    fix: 'Ask for it again, or remove it: then a new one is made, and patients get new names',
  });
}
