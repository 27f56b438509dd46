// The platforms a VSIX is made for, and what each one's native parts are.

/** VS Code's target names. ONNX Runtime has no build for Intel Macs; DuckDB's for Linux needs glibc. */
export const targets = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

/** The target of this machine, or null when nothing is packaged for it. */
export function hostTarget() {
  const target = `${process.platform}-${process.arch}`;
  return targets.includes(target) ? target : null;
}

/** Files that no program reads: types, sources, maps, documentation. Licences stay. */
const unneeded = /\.(d\.[cm]?ts|ts|map|md|h|cc|gyp|bnf)$/i;
const licence = /(^|\/)(licen[cs]e|notice|third-?party)[^/]*$/i;

const everything = (file) => licence.test(file) || !unneeded.test(file);
const only = (pattern) => (file) => licence.test(file) || pattern.test(file);

/**
 * The packages with native code and what they need at run time, with the files to take of each. `ofTarget`
 * packages exist per platform: they are fetched from the registry when this machine is another one.
 * Left out: onnxruntime-node's dependencies adm-zip and global-agent (its installer only), sharp's C++ sources.
 */
export function nativeParts(target) {
  const [platform, arch] = target.split('-');
  // On a Mac the library lies there twice, under its full version too; the binding loads the short name.
  const library = `bin/napi-v\\d+/${platform}/${arch}/(?!libonnxruntime\\.\\d+\\.\\d+\\.\\d+\\.dylib).*`;
  const runtimeFolder = new RegExp(`^(package\\.json|dist/.*\\.js|${library})$`);
  return [
    { name: 'onnxruntime-node', keep: only(runtimeFolder) },
    { name: 'onnxruntime-common', keep: only(/^(package\.json|dist\/cjs\/.*\.(js|json))$/) },
    { name: 'sharp', keep: only(/^(package\.json|dist\/.*\.cjs)$/) },
    { name: '@img/colour', keep: everything },
    { name: 'detect-libc', keep: everything },
    { name: 'semver', keep: everything },
    { name: `@img/sharp-${target}`, keep: everything, ofTarget: true },
    // On Windows libvips is inside sharp's own package.
    ...(platform === 'win32'
      ? []
      : [{ name: `@img/sharp-libvips-${target}`, keep: everything, ofTarget: true }]),
    { name: '@duckdb/node-bindings', keep: everything },
    { name: `@duckdb/node-bindings-${target}`, keep: everything, ofTarget: true },
  ];
}
