/**
 * The schema of SARIF 2.1.0 (OASIS, Errata 01: "rtm.5"), as the npm package @microsoft/jest-sarif 1.0.0-beta.0 (MIT) has it: a copy, since
 * the package itself brings an old ajv and a fetch of its own.
 */
import Ajv from 'ajv';
import schema from '../golden/values/sarif/sarif-2.1.0-rtm.5.json';

// Draft 4, of which it uses nothing that draft 7 has otherwise, but for the names of these two.
const { $schema: _draft, id: _id, ...rules } = schema;
const isValid = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(rules);

/** What the schema has against a log; empty where it is valid. */
export function sarifFaults(log: unknown): string[] {
  if (isValid(log)) return [];
  return (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
