/** The folders of the user, outside every project: nobody else writes there. */
import * as os from 'node:os';
import * as path from 'node:path';
import { sha256 } from './files';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where weights, thumbnails and what is fetched once per user are kept; may be deleted at any time. */
export function userCacheFolder(env: Environment): string {
  const override = env['OVERREAD_CACHE'];
  if (override !== undefined && override !== '') return override;
  if (process.platform === 'win32') return path.join(env['LOCALAPPDATA'] ?? os.homedir(), 'overread');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'overread');
  return path.join(xdg(env, 'XDG_CACHE_HOME', '.cache'), 'overread');
}

/** Where the key of the caches lies; what is lost with it is time. */
export function userConfigFolder(env: Environment): string {
  const override = env['OVERREAD_CONFIG'];
  if (override !== undefined && override !== '') return override;
  if (process.platform === 'win32') return path.join(env['APPDATA'] ?? os.homedir(), 'overread');
  if (process.platform === 'darwin')
    return path.join(os.homedir(), 'Library', 'Application Support', 'overread');
  return path.join(xdg(env, 'XDG_CONFIG_HOME', '.config'), 'overread');
}

/**
 * Where a project's thumbnails and content hashes lie in the user's cache. They are not in the project: what a
 * reader judges must not come from there.
 * @param root the project's folder without links (`ProjectFolder.root`)
 */
export function projectCacheFolder(cacheDir: string, root: string): string {
  return path.join(cacheDir, 'projects', sha256(root).slice(0, 32));
}

function xdg(env: Environment, variable: string, usual: string): string {
  const base = env[variable];
  // The specification has relative paths ignored.
  return base !== undefined && path.isAbsolute(base) ? base : path.join(os.homedir(), usual);
}
