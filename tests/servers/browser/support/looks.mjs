// Pages as people see them: on a phone and a desktop, in the light and in the dark.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import axe from 'axe-core';

const IMAGES = join(import.meta.dirname, '../../../../docs/images');

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 800 };

const LOOKS = [PHONE, DESKTOP].flatMap((viewport) => ['light', 'dark'].map((colorScheme) => ({ viewport, colorScheme })));

async function look(page, { viewport, colorScheme }) {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
}

// No look of the page has a violation that axe finds, and none is wider than its screen.
export async function assertLooksGood(page) {
  await page.evaluate(axe.source);
  for (const it of LOOKS) {
    await look(page, it);
    const { violations, overflow } = await page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
      const { scrollWidth, clientWidth } = document.documentElement;
      return { violations, overflow: scrollWidth - clientWidth };
    });
    const where = `${page.url()} at ${it.viewport.width} px, ${it.colorScheme}`;
    const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.html).join('\n  ')}`);
    assert.deepEqual(found, [], where);
    assert.equal(overflow, 0, `${where}: wider than the screen`);
  }
}

// The page as an image of the docs, of at most 64 KiB.
export async function shoot(page, name, it) {
  await look(page, it);
  const image = await page.screenshot({ path: join(IMAGES, `${name}.png`) });
  assert.ok(image.length <= 65_536, `${name}: ${image.length} bytes`);
}
