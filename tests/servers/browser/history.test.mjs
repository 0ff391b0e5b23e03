// Back after a sign-out, with the back/forward cache of the browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { back, useBrowser, visitor } from './support/browser.mjs';
import { signIn, signOut, site, user } from './support/site.mjs';

useBrowser();

// Whom the page of a signed-in visitor names, and how it is shown, when they go back to it after the sign-out.
async function afterSignOut(t, options, leave) {
  const app = await site({}, options);
  const context = await visitor(t);
  const page = await context.newPage();
  await page.goto(app.url());
  await signIn(page);
  await page.getByRole('link', { name: 'Next' }).click();
  await page.waitForURL('**/?next');
  await leave(page, context);
  await back(page);
  await page.locator('[data-shown]').waitFor();
  return [await user(page), await page.locator('html').getAttribute('data-shown')];
}

const here = (page) => signOut(page);

async function inAnotherTab(page, context) {
  const other = await context.newPage();
  await other.goto(page.url());
  await signOut(other);
  await page.goto(`${page.url()}=on`);
}

const [FRESH, KEPT] = [['nobody', 'anew'], ['ada', 'again']];

for (const [place, leave] of [['', here], [' in another tab', inAnotherTab]]) {
  test(`with no-store, Back after a sign-out${place} shows no page of before`, async (t) => {
    assert.deepEqual(await afterSignOut(t, { pages: { no_store: true } }, leave), FRESH);
  });

  test(`without no-store, Back after a sign-out${place} shows the page of before`, async (t) => {
    assert.deepEqual(await afterSignOut(t, {}, leave), KEPT);
  });
}

// It empties the HTTP cache alone. Should this fail one day, its docs can promise more.
test('Clear-Site-Data is no cure for Back after a sign-out', async (t) => {
  assert.deepEqual(await afterSignOut(t, { clears_cache: true }, here), KEPT);
});
