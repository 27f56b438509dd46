/** What the page of a new project may ask, and what it may not. */
import { describe, expect, it } from 'vitest';
import {
  checkedNewProjectMethods,
  parseNewProjectState,
  type NewProjectMethods,
} from '../../src/protocol/newProjectApi';

const calls: unknown[] = [];
const handlers = new Proxy({} as NewProjectMethods, {
  get:
    (_, name) =>
    (...params: unknown[]) => {
      calls.push([name, ...params]);
      return Promise.resolve();
    },
});
const methods = checkedNewProjectMethods(handlers) as unknown as Record<
  string,
  (...params: unknown[]) => Promise<unknown>
>;

describe('the page of a new project', () => {
  it('names choices and columns', async () => {
    await methods['choose']?.('group', 'patient');
    await methods['choose']?.('group', null);
    await methods['guess']?.('class-level');
    await methods['choose']?.('join', 'sub/ages.csv');
    expect(calls).toEqual([
      ['choose', 'group', 'patient'],
      ['choose', 'group', null],
      ['guess', 'class-level'],
      ['choose', 'join', 'sub/ages.csv'],
    ]);
  });

  it.each([
    ['choose', 'force', 'x'],
    ['choose', 'csv', '/etc/passwd'],
    ['choose', 'group', ''],
    ['choose', 'group', 7],
    ['choose', 'group', 'x'.repeat(3000)],
    ['choose', 'rows', null],
    ['choose', 'join', '/etc/passwd'],
    ['choose', 'join', '../other/table.csv'],
    ['choose', 'join', 'a/../../b.csv'],
    ['choose', 'image-root', 'C:\\\\images'],
    ['choose', 'image-root', '..\\\\images'],
    ['choose', 'image-root', '~/images'],
    ['guess', '__proto__'],
    ['log', {}],
  ])('is refused %s %j', async (method, ...params) => {
    await expect(methods[method]?.(...params)).rejects.toMatchObject({ code: 'OVR004' });
  });

  it('is found again by what it saved, and only by that', () => {
    const state = {
      v: 1,
      root: '/p',
      source: { kind: 'csv', path: '/t.csv' },
      chosen: { group: null, path: 'x' },
    };
    expect(parseNewProjectState(state)).toEqual(state);
    const foreign = { ...state, chosen: { force: 'x', label: 3, path: 'x', join: '../x.csv', rows: null } };
    expect(parseNewProjectState(foreign)?.chosen).toEqual({ path: 'x' });
    const wrong = [
      null,
      {},
      { ...state, v: 2 },
      { ...state, source: { kind: 'url', path: '' } },
      { ...state, chosen: 1 },
    ];
    for (const one of wrong) expect(parseNewProjectState(one)).toBeUndefined();
  });
});
