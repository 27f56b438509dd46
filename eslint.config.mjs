// Lint: strict typed rules over every folder, and the borders between folders (docs/architecture.md).
import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';
import { nonNullOfTypedArray } from './scripts/lint/nonNullOfTypedArray.mjs';

/** Rooms of src/core from the ground up: a room imports only those before it. */
const coreRooms = [
  'base',
  'jobs',
  'table',
  'config',
  'dicom',
  'images',
  'onnx',
  'dataset',
  'networks',
  'labels',
  'split',
  'onnxClassifier',
  'inference',
  'intake',
  'features',
  'neighbours',
  'weights',
  'devices',
  'training',
  'backbones',
  'catalog',
  'sample',
  'evaluation',
  'project',
  'trainers',
  'runs',
  'checks',
  'suspects',
  'review',
  'cohorts',
  'corrections',
  'featureMap',
  'comparisons',
  'sweeps',
  'heatmaps',
  'prediction',
  'report',
];

const nativePackages = ['onnxruntime-node', 'sharp', '@duckdb/*'];
const nodeBuiltins = ['node:*', 'fs', 'path', 'os', 'child_process', 'crypto'];

/**
 * Where the work is done in indexed loops over typed arrays: there, and nowhere else, `!` may follow an element of a
 * typed array, or of a list of them. What else may be missing is checked everywhere, or read through `present`.
 */
const numericRooms = [
  'src/core/{checks,cohorts,corrections,dicom,evaluation,featureMap,heatmaps,images,labels,neighbours,networks,review,sample,suspects,trainers,training}/**/*.ts',
  'src/core/runs/{exportModel,predictionsFile}.ts',
  'src/core/split/stratify.ts',
  'src/core/table/tableLines.ts',
  'src/core/weights/stateDict/*.ts',
  'webview-ui/viewer/draft.ts',
  'webview-ui/viewer/windowLevel.ts',
  'webview-ui/grid/heatmaps/raster.ts',
];

const zone = (target, from, message, except) => ({ target, from, message, ...(except ? { except } : {}) });

const borders = [
  ...coreRooms.slice(0, -1).map((room, floor) =>
    zone(
      `./src/core/${room}`,
      coreRooms.slice(floor + 1).map((above) => `./src/core/${above}`),
      `core/${room} stands below that room and must not import it.`,
    ),
  ),
  zone(
    './src/core',
    ['./src/protocol', './src/engine', './src/cli', './src/extension', './webview-ui'],
    'core imports only core and charts.',
  ),
  zone(
    './src/charts',
    ['./src/protocol', './src/engine', './src/cli', './src/extension', './webview-ui'],
    'charts imports types of core only.',
  ),
  zone(
    './src/protocol',
    ['./src/charts', './src/engine', './src/cli', './src/extension', './webview-ui'],
    'protocol imports types of core only.',
  ),
  zone(
    './src/engine',
    ['./src/cli', './src/extension', './webview-ui'],
    'The engine imports core, protocol and charts only.',
  ),
  zone(
    './src/cli',
    ['./src/engine', './src/extension', './webview-ui'],
    'The CLI imports core, protocol and charts only.',
  ),
  zone(
    './src/extension',
    ['./src/charts', './src/engine', './src/cli', './webview-ui'],
    'The extension host imports protocol only.',
  ),
  // What makes text of data safe to show is one function, for terminals and for messages.
  zone('./src/extension', './src/core', 'The extension host imports protocol only.', [
    './base/visibleText.ts',
  ]),
  zone(
    './webview-ui',
    ['./src/core', './src/engine', './src/cli', './src/extension'],
    'A page imports protocol and charts only.',
  ),
];

const banImports = (groups) => ({
  '@typescript-eslint/no-restricted-imports': [
    'error',
    { patterns: groups.map(([group, message]) => ({ group, message })) },
  ],
});

const noVscode = [['vscode'], 'vscode is for src/extension only.'];
const noNative = [nativePackages, 'Native code lives in the engine and the CLI only.'];
const noProcesses = [
  ['node:child_process', 'child_process'],
  'Programs of the machine start through core/base/programs.ts, our own through the files that this rule names.',
];
/** Start programs: by an absolute path that is looked up once, or by process.execPath. */
const startsProcesses = ['src/core/base/programs.ts', 'src/core/base/childProgram.ts'];
const startsOurPrograms = ['src/extension/nodeProgram.ts', 'src/extension/engine/engineProcess.ts'];

const writingCalls =
  'writeFile|appendFile|mkdir|mkdtemp|rename|rm|rmdir|unlink|copyFile|cp|link|symlink|truncate|utimes|lutimes|chmod|chown|createWriteStream';
const writesElsewhere =
  'What is written below a project goes through core/base/projectFolder.ts (docs/security.md).';
/** Calls of `fs` that change something on disk, however they are imported; reading stays free. */
const noWriting = [
  {
    selector: `CallExpression[callee.object.name='fs'][callee.property.name=/^(${writingCalls})(Sync)?$/]`,
    message: writesElsewhere,
  },
  {
    selector: `CallExpression[callee.object.property.name='promises'][callee.property.name=/^(${writingCalls})$/]`,
    message: writesElsewhere,
  },
  {
    selector: 'CallExpression[callee.property.name=/^open(Sync)?$/][arguments.1.value=/^[wa]|[+]/]',
    message: writesElsewhere,
  },
  {
    selector: `ImportDeclaration[source.value=/^(node:)?fs/] > ImportSpecifier[imported.name=/^(${writingCalls})(Sync)?$/]`,
    message: writesElsewhere,
  },
];
/** Doors to the user's own folders and to files that a command line names. */
const noUserFiles = {
  selector: 'ImportSpecifier[imported.name=/^(writeFileAtomic|replaceFile|copyFileAtomic|appendToFile)$/]',
  message: writesElsewhere,
};
/** The doors themselves, and what writes to the user's own cache alone. */
const writers = [
  'src/core/base/{files,exclusiveName,projectFolder,plainFile,cacheMac,secretFile,fileLock,rowFile}.ts',
  'src/core/labels/logWriter.ts',
  'src/core/weights/**/*.ts',
  'src/core/devices/*.ts',
  'src/core/onnx/cudaRuntime.ts',
  'src/cli/commands/doctor.ts',
];
/** Rooms that write below a project and nowhere else. */
const projectRooms =
  'src/core/{comparisons,config,dataset,features,intake,jobs,labels,project,review,runs,sample,split,suspects,trainers}/**/*.ts';

export default tseslint.config(
  { ignores: ['dist/**', 'out/**', 'node_modules/**', 'test/fixtures/**', 'bench/results/**', 'demo/**'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './src/*/tsconfig.json',
          './webview-ui/tsconfig.json',
          './test/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    settings: {
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          project: ['./tsconfig.json', './src/*/tsconfig.json', './webview-ui/tsconfig.json'],
          noWarnOnMultipleProjects: true,
        }),
      ],
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: borders }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    files: ['src/**/*.ts', 'webview-ui/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: numericRooms,
    plugins: { overread: { rules: { 'non-null-of-typed-array': nonNullOfTypedArray } } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'overread/non-null-of-typed-array': 'error',
    },
  },
  {
    files: ['src/core/**/*.ts', 'src/engine/**/*.ts', 'src/cli/**/*.ts'],
    rules: banImports([noVscode, noProcesses]),
  },
  { files: startsProcesses, rules: banImports([noVscode]) },
  {
    files: ['src/core/**/*.ts', 'src/engine/**/*.ts', 'src/cli/**/*.ts'],
    ignores: writers,
    rules: { 'no-restricted-syntax': ['error', ...noWriting] },
  },
  {
    files: [projectRooms, 'src/engine/**/*.ts'],
    ignores: writers,
    rules: { 'no-restricted-syntax': ['error', ...noWriting, noUserFiles] },
  },
  {
    files: ['src/protocol/**/*.ts', 'src/charts/**/*.ts'],
    rules: {
      ...banImports([
        [['vscode', ...nativePackages, ...nodeBuiltins], 'protocol and charts are plain TypeScript.'],
      ]),
      // Types of core may be named here; its code may not be run (checked by the next rule).
      'no-restricted-syntax': [
        'error',
        {
          selector: "ImportDeclaration[importKind!='type'][source.value=/\\.\\.\\u002Fcore/]",
          message: 'protocol and charts import types of core only: write `import type`.',
        },
        {
          selector: "ExportNamedDeclaration[exportKind!='type'][source.value=/\\.\\.\\u002Fcore/]",
          message: 'protocol and charts export types of core only: write `export type`.',
        },
      ],
    },
  },
  {
    files: ['src/extension/**/*.ts'],
    rules: banImports([noNative, noProcesses]),
  },
  { files: startsOurPrograms, rules: banImports([noNative]) },
  {
    files: ['src/extension/**/*.ts'],
    ignores: ['src/extension/say.ts', 'src/extension/ask.ts', 'src/extension/markdown.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'MemberExpression[property.name=/^(show(Information|Warning|Error)Message|withProgress|setStatusBarMessage|showInputBox|createInputBox|showQuickPick|createQuickPick|validationMessage|validateInput)$/]',
          message:
            'VS Code reads links and icons out of such text: say it through say.ts, ask through ask.ts.',
        },
        {
          selector:
            "NewExpression[callee.property.name='MarkdownString'], MemberExpression[property.name=/^(isTrusted|supportHtml|supportThemeIcons)$/]:not([object.property.name='workspace'])",
          message: 'Markdown is made in markdown.ts: never trusted, no HTML, data escaped.',
        },
      ],
    },
  },
  {
    files: ['webview-ui/**/*.ts'],
    rules: banImports([
      [['vscode', ...nativePackages, ...nodeBuiltins], 'A page has the DOM and the protocol only.'],
    ]),
  },
  {
    files: ['webview-ui/**/*.ts'],
    ignores: ['webview-ui/controls.ts'],
    rules: banImports([
      [['vscode', ...nativePackages, ...nodeBuiltins], 'A page has the DOM and the protocol only.'],
      [['@vscode/webview-ui-toolkit*'], 'Archived upstream: imported in webview-ui/controls.ts only.'],
    ]),
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.{ts,mjs}', '*.{mjs,ts}'],
    rules: {
      'no-console': 'off',
      'import-x/no-default-export': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  {
    files: ['**/*.{mjs,cjs}'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'readonly',
        setInterval: 'readonly',
        Buffer: 'readonly',
        WebAssembly: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off', 'no-console': 'off' },
  },
);
