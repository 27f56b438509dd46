/** Paths inside a folder, as the code that writes there names them. */
import { OverreadError } from './errors';

/**
 * The parts of a relative path that is written with `/`. Names come from code, from the time and from what people
 * call a run; none may lead out of the folder.
 * @param most parts that there may be
 * @throws OVR005 for `..`, an absolute path, a zero byte, an empty part
 */
export function splitRelative(relative: string, most = 64): string[] {
  const parts = relative === '' ? [] : relative.split('/');
  const bad = parts.find((part) => part === '' || part === '.' || part === '..' || /[\\\0]/.test(part));
  // `C:x` leads to another drive, `a:b` to another stream of the file.
  const drive = process.platform === 'win32' && parts.some((part) => part.includes(':'));
  if (bad === undefined && !drive && parts.length <= most) return parts;
  throw new OverreadError({
    code: 'OVR005',
    message: `"${relative.replaceAll('\0', '\\0')}" is no name inside the project`,
    fix: 'Choose a name without slashes and dots at its ends',
  });
}
