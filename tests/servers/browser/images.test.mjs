// The images of the docs, made anew with `SESSION_BROWSER_SHOTS=1`.

import { test } from 'node:test';

import { useBrowser, visitor } from './support/browser.mjs';
import { PHONE, shoot } from './support/looks.mjs';
import { add, heading, message, shop, signedIn } from './support/shop.mjs';

useBrowser();

const skip = process.env.SESSION_BROWSER_SHOTS !== '1' && 'SESSION_BROWSER_SHOTS=1 makes the images of the docs';
const WIDE = { width: 900, height: 430 };

test('images of the shop and of the development page', { skip }, async (t) => {
  const url = await shop(t);
  const page = await signedIn(await visitor(t), url);
  for (const good of ['Bread', 'Honey', 'Honey']) {
    await add(page, good);
    await message(page, good).waitFor();
  }
  await shoot(page, 'shop-phone', { viewport: PHONE, colorScheme: 'dark' });
  await page.goto(url('/cart'));
  await heading(page, 'Cart').waitFor();
  await shoot(page, 'shop-cart', { viewport: WIDE, colorScheme: 'light' });
  await page.getByRole('link', { name: 'Development page' }).click();
  await heading(page, 'Session').waitFor();
  await page.evaluate(() => scrollTo(0, document.querySelector('h2').offsetTop - 16));
  await shoot(page, 'development-page', { viewport: { ...WIDE, height: 500 }, colorScheme: 'light' });
});
