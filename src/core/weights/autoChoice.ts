/**
 * What `auto` took when the wanted weights were out of reach, remembered for a day: a refit must not wait for
 * a hub that does not answer, and must not change its network from one minute to the next.
 */
import * as path from 'node:path';
import { Type } from '@sinclair/typebox';
import { JsonFault, jsonReader } from '../base/checkedJson';
import { readTextIfPresent, writeFileAtomic } from '../base/files';
import { hubSettings } from './hub/settings';
import type { Environment } from './pip';

const validFor = 24 * 3_600_000;

interface Choice {
  readonly wanted: string;
  readonly took: string;
  /** Why the wanted ones were passed over. */
  readonly because: string;
  /** Time of the last attempt, ms since 1970. */
  readonly at: number;
  /** The hub that was asked: another one is asked at once. */
  readonly hub: string;
}

const parseChoice = jsonReader(
  Type.Object({
    wanted: Type.String(),
    took: Type.String(),
    because: Type.String(),
    at: Type.Number(),
    hub: Type.String(),
  }),
);

function choiceFile(cacheDir: string, wanted: string): string {
  return path.join(cacheDir, 'weights', `auto-${wanted}.json`);
}

function hubOf(env: Environment): string {
  const { endpoint, offline } = hubSettings(env);
  return offline ? 'offline' : endpoint;
}

/** The remembered choice, when it is younger than a day and the same hub would be asked. */
export async function readChoice(
  cacheDir: string,
  wanted: string,
  env: Environment,
): Promise<Choice | undefined> {
  const text = await readTextIfPresent(choiceFile(cacheDir, wanted));
  if (text === undefined) return undefined;
  try {
    const choice = parseChoice(text);
    const age = Date.now() - choice.at;
    return age >= 0 && age < validFor && choice.hub === hubOf(env) ? choice : undefined;
  } catch (error) {
    if (error instanceof JsonFault) return undefined;
    throw error;
  }
}

export async function writeChoice(
  cacheDir: string,
  choice: Omit<Choice, 'at' | 'hub'>,
  env: Environment,
): Promise<void> {
  const full: Choice = { ...choice, at: Date.now(), hub: hubOf(env) };
  await writeFileAtomic(choiceFile(cacheDir, choice.wanted), `${JSON.stringify(full, null, 2)}\n`);
}
