// The part of `@vscode/python-environments` that is asked, over environments that a test chooses by folder.
const chosen = new Map();

module.exports.activate = () => ({
  getEnvironment: async (folder) => {
    const executable = chosen.get(folder.toString());
    if (executable instanceof Error) throw executable;
    return executable === undefined ? undefined : { execInfo: { run: { executable } } };
  },
  /** For tests: a path, an Error that is thrown, or undefined. */
  choose: (folder, executable) => chosen.set(folder.toString(), executable),
});
