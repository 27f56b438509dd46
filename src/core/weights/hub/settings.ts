/** Where the Hugging Face hub is and where it keeps files, by the variables that its own library reads. */
import * as os from 'node:os';
import * as path from 'node:path';
import type { Environment } from '../pip';

export interface HubSettings {
  /** Without a slash at the end. */
  readonly endpoint: string;
  /** HF_HUB_OFFLINE: only files that are there already. */
  readonly offline: boolean;
  readonly token: string | undefined;
  /** The hub's cache folder, which Python's huggingface_hub shares. */
  readonly cache: string;
}

/** Reads HF_ENDPOINT, HF_HUB_OFFLINE, HF_TOKEN, HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME, XDG_CACHE_HOME. */
export function hubSettings(env: Environment): HubSettings {
  const set = (name: string) => (env[name] === '' ? undefined : env[name]);
  const home = set('HOME') ?? set('USERPROFILE') ?? os.homedir();
  const hubHome =
    set('HF_HOME') ?? path.join(set('XDG_CACHE_HOME') ?? path.join(home, '.cache'), 'huggingface');
  return {
    endpoint: (set('HF_ENDPOINT') ?? 'https://huggingface.co').replace(/\/+$/, ''),
    offline: ['1', 'ON', 'YES', 'TRUE'].includes((env['HF_HUB_OFFLINE'] ?? '').toUpperCase()),
    token: set('HF_TOKEN'),
    cache: set('HF_HUB_CACHE') ?? set('HUGGINGFACE_HUB_CACHE') ?? path.join(hubHome, 'hub'),
  };
}
