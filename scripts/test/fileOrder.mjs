// The order of test files: those that take longest first, those that mostly wait beside those that work.
import { BaseSequencer } from 'vitest/node';

/** @param names of the files that come first, without their endings; the others follow as vitest has them */
export function fileOrder(names) {
  return class extends BaseSequencer {
    async sort(files) {
      const rest = await super.sort(files);
      const rank = ({ moduleId }) => {
        const at = names.findIndex((name) => moduleId.includes(`/${name}.`));
        return at < 0 ? names.length : at;
      };
      return rest.toSorted((a, b) => rank(a) - rank(b));
    }
  };
}
