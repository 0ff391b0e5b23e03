// The shop, from the catalogue to the last device that is signed out.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { back, profile, useBrowser, visitor } from './support/browser.mjs';
import { assertLooksGood } from './support/looks.mjs';
import { ADA, add, heading, inCart, message, shop, signIn, signInSoon, signOut, signedIn } from './support/shop.mjs';
import { site } from './support/site.mjs';

useBrowser();

for (const javaScriptEnabled of [true, false]) {
  const scripts = javaScriptEnabled ? '' : ', without scripts';
  test(`a stranger fills a cart, signs in on the way and orders${scripts}`, async (t) => {
    const url = await shop(t);
    const page = await (await visitor(t, { javaScriptEnabled })).newPage();
    await page.goto(url());
    await add(page, 'Tea');
    await message(page, 'In your cart now: Tea.').waitFor();
    await add(page, 'Bread');
    await page.getByRole('link', { name: 'Cart' }).click();
    await page.getByRole('button', { name: 'One more of Tea' }).click();
    await page.getByRole('button', { name: 'One less of Bread' }).click();
    await page.getByRole('rowheader', { name: 'Bread' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Sign in to order' }).click();
    await signIn(page);
    await message(page, 'Welcome, ada.').waitFor();
    assert.equal(new URL(page.url()).pathname, '/cart');
    assert.equal(await inCart(page), 2);
    await page.getByRole('button', { name: 'Order' }).click();
    await message(page, 'Thank you!').waitFor();
    assert.equal(await inCart(page), 0);
    assert.equal(await page.locator('[data-left=tea]').innerText(), '10 left');
  });
}

test('a message is shown once, on the page after the redirect', async (t) => {
  const url = await shop(t);
  const page = await (await visitor(t)).newPage();
  await page.goto(url());
  await add(page, 'Honey');
  await message(page, 'In your cart now: Honey.').waitFor();
  await page.reload();
  await heading(page, 'Goods').waitFor();
  assert.equal(await page.locator('.message').count(), 0);
  assert.equal(await inCart(page), 1);
});

test('a wrong password keeps the name and the page that was wanted', async (t) => {
  const url = await shop(t);
  const page = await (await visitor(t)).newPage();
  await page.goto(url('/devices'));
  await signIn(page, { ...ADA, password: 'wrong' });
  await page.getByText('Name or password is wrong.').waitFor();
  assert.equal(await page.getByLabel('Name').inputValue(), 'ada');
  await page.getByLabel('Password').fill(ADA.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await heading(page, 'Devices').waitFor();
  assert.equal(page.url(), url('/devices'));
});

test('the sign-in leads to no other site', async (t) => {
  const url = await shop(t);
  const elsewhere = await site();
  for (const wanted of [elsewhere.url(), `//127.0.0.1:${elsewhere.port}/`, `/\\127.0.0.1:${elsewhere.port}/`]) {
    const page = await (await visitor(t)).newPage();
    await page.goto(url(`/login?return_to=${encodeURIComponent(wanted)}`));
    await signIn(page);
    await message(page, 'Welcome').waitFor();
    assert.equal(page.url(), url());
  }
  assert.deepEqual(await elsewhere.seen('/'), []);
});

test('the theme is chosen, and outlives a sign-out', async (t) => {
  const url = await shop(t);
  const page = await signedIn(await visitor(t, { colorScheme: 'light' }), url);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: 'Dark' }).click();
  await page.locator('html[data-theme=dark]').waitFor();
  const dark = await background();
  assert.notEqual(dark, light);
  await signOut(page);
  assert.equal(await background(), dark);
});

test('a sign-out empties the cart, ends the other tab, and Back shows nothing of before', async (t) => {
  const url = await shop(t);
  const context = await visitor(t);
  const page = await signedIn(context, url);
  await add(page, 'Coffee');
  await message(page, 'Coffee').waitFor();
  await page.goto(url('/account'));
  await page.getByText('You are ada.').waitFor();
  const other = await context.newPage();
  await other.goto(url('/account'));
  await signOut(page);
  assert.equal(await inCart(page), 0);

  await other.reload();
  await heading(other, 'Sign in').waitFor();
  await back(page);
  await heading(page, 'Sign in').waitFor();
  assert.equal(page.url(), url('/login?return_to=%2Faccount'));
});

for (const [remember, heads] of [[true, 'Account'], [false, 'Sign in']]) {
  test(`${remember ? 'remembered' : 'not remembered'}, a visitor finds "${heads}" after the browser was closed`, async (t) => {
    const url = await shop(t);
    const start = await profile(t);
    let browser = await start();
    await signedIn(browser, url, { ...ADA, remember });
    await browser.close();
    browser = await start();
    const page = await browser.newPage();
    await page.goto(url('/account'));
    await heading(page, heads).waitFor();
    await browser.close();
  });
}

test('clicks in two tabs at once are all counted', async (t) => {
  const url = await shop(t);
  const context = await visitor(t);
  const tabs = [await signedIn(context, url), await context.newPage()];
  await tabs[1].goto(url());
  const clicks = (tab, id) => tab.evaluate(async (id) => {
    const click = () => fetch('/cart/add', { method: 'POST', body: new URLSearchParams({ id }) });
    const answers = await Promise.all(Array.from({ length: 8 }, click));
    return answers.every((answer) => answer.ok);
  }, id);
  assert.deepEqual(await Promise.all([clicks(tabs[0], 'tea'), clicks(tabs[1], 'tea')]), [true, true]);
  await tabs[0].reload();
  assert.equal(await inCart(tabs[0]), 16);
});

test('who orders changes the numbers that another visitor sees, and no stream changes a session', async (t) => {
  const url = await shop(t);
  const watcher = await (await visitor(t)).newPage();
  await watcher.goto(url());
  const note = watcher.locator('#session', { hasText: 'Your cart held 0' });
  assert.match(await note.innerText(), /can't change the session: “.*ended/);

  const buyer = await signedIn(await visitor(t), url);
  await add(buyer, 'Cheese');
  await buyer.goto(url('/cart'));
  await buyer.getByRole('button', { name: 'Order' }).click();
  await message(buyer, 'Thank you!').waitFor();
  await watcher.locator('[data-left=cheese]', { hasText: '11 left' }).waitFor();
});

test('a new password needs the present one, and signs the other devices out', async (t) => {
  const url = await shop(t);
  const [page, other] = [await signedIn(await visitor(t), url), await signedIn(await visitor(t), url)];
  await page.goto(url('/account'));
  await page.getByRole('link', { name: 'Change the password' }).click();
  await heading(page, 'Is it you?').waitFor();
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('That is not your password.').waitFor();
  await page.getByLabel('Password').fill(ADA.password);
  await page.getByRole('button', { name: 'Confirm' }).click();

  await heading(page, 'Change the password').waitFor();
  const password = 'a better horse';
  for (const again of ['another horse', password]) {
    await page.getByLabel('New password').fill(password);
    await page.getByLabel('Once more').fill(again);
    await page.getByRole('button', { name: 'Change the password' }).click();
    if (again !== password) await page.getByText('These two are not the same.').waitFor();
  }
  await message(page, 'The password is changed. Signed out elsewhere: 1.').waitFor();
  await other.reload();
  await other.getByRole('link', { name: 'Sign in' }).click();
  await signIn(other);
  await other.getByText('Name or password is wrong.').waitFor();
  await signInSoon(other, url, { name: 'ada', password });

  // The confirmation was for one change.
  await page.goto(url('/account/password'));
  await heading(page, 'Is it you?').waitFor();
});

test('a user sees their devices, and ends one, the others and all', async (t) => {
  const url = await shop(t);
  const pages = [];
  for (let n = 0; n < 4; n += 1) pages.push(await signedIn(await visitor(t), url));
  const [page, ...others] = pages;
  const cards = page.locator('.devices li');
  const signedInOthers = async () => {
    let count = 0;
    for (const other of others) {
      await other.goto(url('/account'));
      count += await heading(other, 'Account').count();
    }
    return count;
  };
  await page.getByRole('link', { name: 'Devices' }).click();
  await cards.nth(3).waitFor();
  assert.equal(await page.getByText('this one').count(), 1);
  await page.locator('.devices').getByRole('button', { name: 'Sign out' }).first().click();
  await message(page, 'It is signed out.').waitFor();
  assert.equal(await cards.count(), 3);
  assert.equal(await signedInOthers(), 2);

  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await message(page, 'Signed out elsewhere: 2.').waitFor();
  assert.equal(await cards.count(), 1);
  assert.equal(await signedInOthers(), 0);

  await page.getByRole('button', { name: 'Sign out everywhere', exact: true }).click();
  await message(page, 'You are signed out everywhere.').waitFor();
  await page.goto(url('/account'));
  await heading(page, 'Sign in').waitFor();
});

test('what is not there and what another site sends get pages that say so', async (t) => {
  const url = await shop(t);
  const elsewhere = await site();
  const page = await signedIn(await visitor(t), url);
  const missing = await page.goto(url('/nowhere'));
  assert.equal(missing.status(), 404);
  await heading(page, 'Not found').waitFor();
  await assertLooksGood(page);

  await page.goto(elsewhere.url('/', 'localhost'));
  await page.evaluate((to) => {
    document.body.innerHTML = `<form method="post" action="${to}"><button>Go</button></form>`;
  }, url('/logout'));
  await page.getByRole('button', { name: 'Go' }).click();
  await heading(page, 'Not from there').waitFor();
  await assertLooksGood(page);
  await page.goto(url('/account'));
  await heading(page, 'Account').waitFor();
});

test('the development page shows what the shop keeps', async (t) => {
  const url = await shop(t);
  const page = await signedIn(await visitor(t), url);
  await add(page, 'Apples');
  await message(page, 'Apples').waitFor();
  await page.getByRole('link', { name: 'Development page' }).click();
  await page.getByRole('rowheader', { name: 'cart.counts' }).waitFor();
  await page.getByText('It will be kept.').waitFor();
  const response = page.getByRole('row', { name: 'POST /login' });
  assert.match(await response.innerText(), /303/);
});
