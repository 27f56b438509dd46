/** Which folders of a project may be links: said by the person or the machine, never by the project. */
import type { FolderPolicy } from './projectFolder';

/** The environment variable of the command line: names between commas, such as `runs,.overread`. */
export const linkedFoldersVariable = 'OVERREAD_LINKED_FOLDERS';

/** What may be written in a project that somebody names on the command line. */
export function policyFrom(env: Readonly<Record<string, string | undefined>>): FolderPolicy {
  return { linkedFolders: linkedFolderNames((env[linkedFoldersVariable] ?? '').split(',')) };
}

/** The plain names among these; a path, an empty text and what is no text allow nothing. */
export function linkedFolderNames(names: readonly unknown[]): string[] {
  return names.flatMap((name) => {
    const plain = typeof name === 'string' ? name.trim() : '';
    return plain === '' || plain === '.' || plain === '..' || /[\\/]/.test(plain) ? [] : [plain];
  });
}
