import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { annotatorSlug, defaultAnnotator, otherSlug } from '../../../src/core/labels/annotator';
import { temporaryFolder } from './builders';

describe('annotatorSlug', () => {
  it.each([
    ['Ann Lee', 'ann-lee'],
    ['  Zoë  Müller-Lüdenscheidt ', 'zoe-muller-ludenscheidt'],
    ['ann.lee@hospital.example', 'ann-lee-hospital-example'],
    ['../../etc/passwd', 'etc-passwd'],
  ])('%s → %s', (name, slug) => {
    expect(annotatorSlug(name)).toBe(slug);
  });

  it('has an answer for every script, for device names and for very long names', () => {
    expect(annotatorSlug('王芳')).toMatch(/^annotator-[0-9a-f]{8}$/);
    expect(annotatorSlug('王芳')).not.toBe(annotatorSlug('李娜'));
    expect(annotatorSlug('Con')).toMatch(/^annotator-/);
    expect(annotatorSlug('x'.repeat(500))).toBe('x'.repeat(40));
    expect(otherSlug('Ann Lee')).toMatch(/^ann-lee-[0-9a-f]{8}$/);
  });
});

describe('defaultAnnotator', () => {
  it("is git's user.name in the folder, undefined where there is none or no git", async () => {
    const root = await temporaryFolder();
    try {
      const env = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
      expect(await defaultAnnotator(root, env)).toBeUndefined();
      execFileSync('git', ['init', '-q'], { cwd: root, env });
      execFileSync('git', ['config', 'user.name', ' Zoë  Müller '], { cwd: root, env });
      expect(await defaultAnnotator(root, env)).toBe('Zoë Müller');
      expect(await defaultAnnotator(root, { PATH: '/nowhere' })).toBeUndefined();
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
