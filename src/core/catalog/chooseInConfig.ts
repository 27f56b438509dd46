/** Writes a chosen architecture into the text of an overread.yaml, with what else must follow it. */
import { editConfigText, type ConfigSetting } from '../config/editConfig';
import { parseConfig } from '../config/configText';
import { getArchitecture } from '../networks';
import type { Architecture } from '../networks/architecture';
import { blocksUntil } from '../networks/build';
import { publishedName } from '../weights/spec';
import type { ArchitectureChoice, ChosenConfig, SettingChange } from './model';
import { present } from '../base/present';

/**
 * The text with this architecture. A cut is set or taken back with it, because blocks belong to one architecture.
 * Weights that belong to another become `auto`, or `random` where nobody has published any.
 * @throws OVR500 no such architecture; OVR505 no such block; OVR101, OVR102 the text has errors
 */
export function chooseInConfig(text: string, choice: ArchitectureChoice): ChosenConfig {
  const architecture = getArchitecture(choice.architecture);
  blocksUntil(architecture, choice.truncate);
  // Written even where it is the default: it was chosen. Refuses a text with errors.
  const chosen = editConfigText(text, [[['model', 'architecture'], architecture.name]]);
  const { model } = present(parseConfig(text).config, 'the configuration');
  const follow = (
    [
      { setting: 'model.weights', from: model.weights, to: fittingWeights(architecture, model) },
      { setting: 'model.truncate', from: model.truncate, to: choice.truncate },
    ] satisfies SettingChange[]
  ).filter(({ from, to }) => from !== to);
  const own = { setting: 'model.architecture', from: model.architecture, to: architecture.name };
  return {
    text: editConfigText(
      chosen,
      follow.map(({ setting, to }): ConfigSetting => [setting.split('.'), to]),
    ),
    changes: own.from === own.to ? follow : [own, ...follow],
  };
}

interface ModelSettings {
  readonly architecture: string;
  readonly weights: string;
}

function fittingWeights(architecture: Architecture, model: ModelSettings): string {
  const { weights } = model;
  const random = /^random(:\d+)?$/.test(weights);
  const published = architecture.weights.length > 0;
  if (random || (published && weights === 'auto')) return weights;
  if (architecture.weights.some((one) => [one.tag, publishedName(architecture, one)].includes(weights)))
    return weights;
  // A file of this architecture's weights stays; a whole classifier in a file would take the place of the choice.
  const isFile = weights.includes('.') || weights.includes('/');
  if (isFile && model.architecture === architecture.name && !weights.toLowerCase().endsWith('.onnx'))
    return weights;
  return published ? 'auto' : 'random';
}
