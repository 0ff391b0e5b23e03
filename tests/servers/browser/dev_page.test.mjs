// The development page, as developers see it.

import { test } from 'node:test';

import { useBrowser, visitor } from './support/browser.mjs';
import { assertLooksGood } from './support/looks.mjs';
import { OTHER_KEY, signIn, site } from './support/site.mjs';

useBrowser();

const STATES = {
  'without a session': async () => {},
  'of a session': async (page, app) => {
    await page.goto(app.url('/', 'localhost'));
    await signIn(page);
    await page.evaluate(() => fetch('put?key=cart&letters=900', { method: 'POST' }));
  },
  'of a refused cookie': async (page, app) => {
    const other = await site({ key: OTHER_KEY });
    await page.goto(other.url('/', 'localhost'));
    await signIn(page);
    await page.goto(app.url('/', 'localhost'));
  },
  'of nested layers': async (page, app) => {
    await page.goto(app.url('/', 'localhost'));
    await signIn(page);
  },
};

for (const [state, prepare] of Object.entries(STATES)) {
  test(`the development page ${state} is accessible and fits a phone`, async (t) => {
    const outer = state === 'of nested layers' ? { name: '__Host-outer', key: OTHER_KEY } : undefined;
    const app = await site({}, { outer });
    const page = await (await visitor(t)).newPage();
    await prepare(page, app);
    await page.goto(app.url('/_session', 'localhost'));
    await page.getByRole('link', { name: 'Look again' }).click();
    await page.waitForURL('**/_session?');
    await assertLooksGood(page);
  });
}

test('the development page of a cookie that will be dropped is accessible and fits a phone', async (t) => {
  const app = await site({}, { pages: { hosts: ['shop.test'] } });
  const page = await (await visitor(t)).newPage();
  await page.goto(app.url('/', 'shop.test'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'The session' }).click();
  await page.getByText('It will be dropped').first().waitFor();
  await assertLooksGood(page);
});
