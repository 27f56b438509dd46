import { makeManifest } from '../../src/extension/manifest/contributes';

/** `package.json` and `package.nls.json` as the tables in src/extension/manifest want them, given package.json as it is. */
export function renderManifest(current: string): Readonly<Record<string, string>> {
  const { activationEvents, restrictedConfigurations, contributes, texts } = makeManifest();
  const manifest = JSON.parse(current) as { capabilities: { untrustedWorkspaces: object } };
  const { capabilities } = manifest;
  const made = {
    ...manifest,
    activationEvents,
    capabilities: {
      ...capabilities,
      untrustedWorkspaces: { ...capabilities.untrustedWorkspaces, restrictedConfigurations },
    },
    contributes,
  };
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return { 'package.json': json(made), 'package.nls.json': json(texts) };
}
