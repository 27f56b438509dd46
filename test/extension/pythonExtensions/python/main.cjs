// The part of `@vscode/python-extension` that is asked, over environments that a test chooses by folder.
const chosen = new Map();

module.exports.activate = () => ({
  environments: {
    getActiveEnvironmentPath: (folder) => ({
      id: folder.toString(),
      path: chosen.get(folder.toString())?.fsPath ?? '',
    }),
    resolveEnvironment: async ({ id }) =>
      chosen.has(id) ? { executable: { uri: chosen.get(id) } } : undefined,
  },
  /** For tests: the uri of a program, or undefined for an environment that has none. */
  choose: (folder, uri) => chosen.set(folder.toString(), uri),
});
