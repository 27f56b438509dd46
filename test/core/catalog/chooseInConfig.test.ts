import { describe, expect, test } from 'vitest';
import { chooseInConfig } from '../../../src/core/catalog/chooseInConfig';

const config = (model: string): string => `version: 1\nlabels: { classes: [a, b] }\nmodel:\n${model}`;
const lite0 = 'tf_efficientnet_lite0';
const choose = (model: string, architecture: string, truncate: string | null = null) =>
  chooseInConfig(config(model), { architecture, truncate });

describe('a choice written into overread.yaml', () => {
  test('changes one word and keeps its comment', () => {
    const { text, changes } = choose('  architecture: densenet121  # first try\n  weights: auto\n', lite0);
    expect(text).toBe(config(`  architecture: ${lite0}  # first try\n  weights: auto\n`));
    expect(changes).toEqual([{ setting: 'model.architecture', from: 'densenet121', to: lite0 }]);
  });

  test('is written out where the file left it to the default, and says that nothing changed', () => {
    const { text, changes } = choose('  weights: auto\n', 'densenet121');
    expect(text).toBe(config('  weights: auto\n  architecture: densenet121\n'));
    expect(changes).toEqual([]);
  });

  test('sets a cut, and takes back that of another architecture', () => {
    const cut = choose('  architecture: densenet121\n', 'densenet121', 'denseblock3');
    expect(cut.text).toBe(config('  architecture: densenet121\n  truncate: denseblock3\n'));
    const whole = chooseInConfig(cut.text, { architecture: lite0, truncate: null });
    expect(whole.text).toBe(config(`  architecture: ${lite0}\n  truncate: null\n`));
    expect(whole.changes).toContainEqual({ setting: 'model.truncate', from: 'denseblock3', to: null });
  });

  test.each([
    ['auto', lite0, 'auto'],
    ['random:7', lite0, 'random:7'],
    ['in1k', lite0, 'in1k'],
    [`${lite0}.in1k`, lite0, `${lite0}.in1k`],
    ['densenet121.ra_in1k', lite0, 'auto'],
    ['./mine.safetensors', lite0, 'auto'],
    ['./mine.safetensors', 'densenet121', './mine.safetensors'],
    ['./mine.onnx', 'densenet121', 'auto'],
  ])('weights %j with %s become %j', (weights, architecture, after) => {
    const { text } = choose(`  architecture: densenet121\n  weights: ${weights}\n`, architecture);
    expect(text).toContain(`  weights: ${after}\n`);
  });

  test("auto and what is another one's become random where nobody has published weights", () => {
    const { text, changes } = choose('  architecture: densenet121\n  weights: auto # fetch\n', 'corodet');
    expect(text).toBe(config('  architecture: corodet\n  weights: random # fetch\n'));
    expect(changes).toContainEqual({ setting: 'model.weights', from: 'auto', to: 'random' });
    expect(choose('  weights: random:4\n', 'corodet').text).toContain('weights: random:4');
  });

  test('what does not exist is refused', () => {
    expect(() => choose('', 'densenet12')).toThrow(expect.objectContaining({ code: 'OVR500' }));
    expect(() => choose('', lite0, 'denseblock3')).toThrow(expect.objectContaining({ code: 'OVR505' }));
  });

  test('a file with errors is left as it is', () => {
    expect(() => choose('  weights: [\n', lite0)).toThrow(expect.objectContaining({ code: 'OVR101' }));
    expect(() => choose('  wieghts: auto\n', lite0)).toThrow(expect.objectContaining({ code: 'OVR102' }));
  });
});
