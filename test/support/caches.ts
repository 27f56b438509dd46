/** The caches of a project in a test, with nothing outside its folder. */
import * as path from 'node:path';
import { CacheMac } from '../../src/core/base/cacheMac';
import { ProjectFolder } from '../../src/core/base/projectFolder';
import type { ExtractRequest } from '../../src/core/features/model';

/** What an extraction needs beside its images: the user's cache and key lie in `.user` of the folder. */
export async function cachesIn(
  root: string,
): Promise<Pick<ExtractRequest, 'folder' | 'cacheFolder' | 'mac'>> {
  const user = path.join(root, '.user');
  return {
    folder: await ProjectFolder.open(root, {}, { make: true }),
    cacheFolder: path.join(user, 'cache'),
    mac: await CacheMac.open(path.join(user, 'config')),
  };
}
