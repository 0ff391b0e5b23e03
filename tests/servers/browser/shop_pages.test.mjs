// Every page of the shop, as people see it.

import { test } from 'node:test';

import { useBrowser, visitor } from './support/browser.mjs';
import { assertLooksGood } from './support/looks.mjs';
import { ADA, add, heading, message, shop, signIn, signOut, signedIn } from './support/shop.mjs';

useBrowser();

const PAGES = {
  'the catalogue, with a message': async (page) => {
    await add(page, 'Tea');
    await message(page, 'Tea').waitFor();
  },
  'an empty cart': async (page, url) => {
    await page.goto(url('/cart'));
    await page.getByText('Nothing is in it yet.').waitFor();
  },
  'a full cart': async (page, url) => {
    for (const good of ['Tea', 'Bread', 'Honey']) {
      await add(page, good);
      await message(page, good).waitFor();
    }
    await page.goto(url('/cart'));
    await page.getByRole('rowheader', { name: 'Honey' }).waitFor();
  },
  'a warning': async (page, url) => {
    await page.evaluate(async () => {
      const more = { method: 'POST', body: new URLSearchParams({ id: 'tea' }) };
      for (let n = 0; n < 13; n += 1) await fetch('/cart/add', more);
    });
    await page.goto(url('/cart'));
    await page.getByRole('button', { name: 'Order' }).click();
    await message(page, 'There is too little left of: Tea.').waitFor();
  },
  'the account': async (page, url) => {
    await page.goto(url('/account'));
    await heading(page, 'Account').waitFor();
  },
  'the devices': async (page, url, other) => {
    await signedIn(await other(), url);
    await page.goto(url('/devices'));
    await page.locator('.devices li').nth(1).waitFor();
  },
  'the confirmation, after a wrong password': async (page, url) => {
    await page.goto(url('/account/password'));
    await confirm(page, 'wrong');
    await page.getByText('That is not your password.').waitFor();
  },
  'the change of the password, after a wrong one': async (page, url) => {
    await page.goto(url('/account/password'));
    await confirm(page, ADA.password);
    await page.getByLabel('New password').fill('a better horse');
    await page.getByLabel('Once more').fill('another horse');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('These two are not the same.').waitFor();
  },
  'what is for the signed-in, once signed out': async (page, url) => {
    await page.goto(url('/account'));
    const tab = await page.context().newPage();
    await tab.goto(url());
    await signOut(tab);
    await tab.close();
    await page.evaluate(() => document.querySelector('form[action="/logout"]').setAttribute('action', '/checkout'));
    await page.getByRole('button', { name: 'Sign out here' }).click();
    await heading(page, 'Please sign in').waitFor();
  },
  'the development page': async (page, url) => {
    await add(page, 'Tea');
    await message(page, 'Tea').waitFor();
    await page.getByRole('link', { name: 'Development page' }).click();
    await heading(page, 'Session').waitFor();
  },
};

async function confirm(page, password) {
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Confirm' }).click();
}

for (const [what, go] of Object.entries(PAGES)) {
  test(`${what}: no look of it has a fault, and it fits a phone`, async (t) => {
    const url = await shop(t);
    const page = await signedIn(await visitor(t), url);
    await go(page, url, () => visitor(t));
    await assertLooksGood(page);
  });
}

for (const wrong of [false, true]) {
  test(`the sign-in${wrong ? ', after a wrong password' : ''}: no look of it has a fault, and it fits a phone`, async (t) => {
    const url = await shop(t);
    const page = await (await visitor(t)).newPage();
    await page.goto(url('/login'));
    if (wrong) {
      await signIn(page, { ...ADA, password: 'wrong' });
      await page.getByText('Name or password is wrong.').waitFor();
    }
    await assertLooksGood(page);
  });
}

for (const theme of ['Light', 'Dark']) {
  test(`the theme ${theme}, on a system of the other: no look of it has a fault`, async (t) => {
    const url = await shop(t);
    const page = await (await visitor(t)).newPage();
    await page.goto(url());
    await page.getByRole('button', { name: theme }).click();
    await page.locator(`html[data-theme=${theme.toLowerCase()}]`).waitFor();
    await assertLooksGood(page);
  });
}
