// One visitor with two tabs.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { useBrowser, visitor } from './support/browser.mjs';
import { held, signIn, signOut, site, user } from './support/site.mjs';

useBrowser();

async function twoTabs(t, options) {
  const app = await site({}, options);
  const context = await visitor(t);
  const one = await context.newPage();
  await one.goto(app.url());
  await signIn(one);
  const other = await context.newPage();
  await other.goto(app.url());
  assert.equal(await user(other), 'ada');
  return [one, other];
}

for (const [kind, options] of [['cookie', {}], ['store', { is_stored: true }]]) {
  test(`a sign-out in one tab ends the other one's session (in a ${kind})`, async (t) => {
    const [one, other] = await twoTabs(t, options);
    await signOut(one);
    assert.deepEqual(await held(other), {});
    await other.reload();
    assert.equal(await user(other), 'nobody');
  });
}

test('with a store, two tabs that write at the same time lose nothing', async (t) => {
  const tabs = await twoTabs(t, { is_stored: true });
  const statuses = await Promise.all(tabs.map((tab, number) => tab.evaluate(
    (number) => Promise.all(Array.from({ length: 12 }, async (_, at) => {
      const put = `put?key=tab${number}-${at}&letters=1`;
      return (await fetch(put, { method: 'POST' })).status;
    })),
    number,
  )));
  assert.deepEqual(new Set(statuses.flat()), new Set([200]));
  const kept = Object.keys(await held(tabs[0])).filter((key) => key.startsWith('tab'));
  assert.equal(kept.length, 24);
});
