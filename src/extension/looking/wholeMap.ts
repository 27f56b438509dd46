/** The map of a project as its page has it, asked of the engine in parts: one answer of all colours would keep its edits waiting. */
import type { FeatureMap, MapColour } from '../../protocol/mapApi';
import type { EngineClient } from '../engine/engineClient';

/** @throws as the engine's `map`; OVR803 another map was asked for meanwhile */
export async function wholeMap(engine: Pick<EngineClient, 'call'>, root: string): Promise<FeatureMap> {
  const { id, colours: count, ...placed } = await engine.call('map', root);
  const colours: MapColour[] = [];
  while (colours.length < count) {
    colours.push(...(await engine.call('mapColours', root, id, colours.length)));
  }
  return { ...placed, colours };
}
