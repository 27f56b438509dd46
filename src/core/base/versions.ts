/** The versions that run.json and `doctor` state. */
import { createRequire } from 'node:module';
import manifest from '../../../package.json';

const load = createRequire(__filename);

/** Versions of Overread, Node, and the native libraries whose numbers a run depends on. */
export function versions(): Record<string, string> {
  const native = ['onnxruntime-node', 'sharp', '@duckdb/node-api'];
  return {
    overread: manifest.version,
    node: process.versions.node,
    ...Object.fromEntries(native.map((name) => [name, versionOf(name)])),
  };
}

function versionOf(name: string): string {
  try {
    return (load(`${name}/package.json`) as { version: string }).version;
  } catch {
    return manifest.dependencies[name as keyof typeof manifest.dependencies];
  }
}
