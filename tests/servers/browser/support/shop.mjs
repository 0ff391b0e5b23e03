// The shop of the examples, one for each test, and what visitors do in it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export const ADA = { name: 'ada', password: 'correct horse' };

// Starts a shop; a function that answers the address of a path in it.
export async function shop(t) {
  const child = spawn(process.env.SESSION_BROWSER_SHOP, {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGINT');
    await ended;
  });
  const lines = createInterface({ input: child.stdout });
  const address = await new Promise((found, failed) => {
    lines.on('line', (line) => {
      const [, address] = /^Listening on (.+)$/.exec(line) ?? [];
      if (address) found(address);
    });
    ended.then(() => failed(new Error('the shop ended')), failed);
  });
  return (path = '/') => address + path;
}

// On the page of the sign-in.
export async function signIn(page, { name, password, remember = false } = ADA) {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByLabel('Remember me').setChecked(remember);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

// As `signIn`, once the shop takes it: for two seconds after a sign-out everywhere it takes none of that user, and on a
// busy machine its store may not answer in time.
export async function signInSoon(page, url, user) {
  const isTaken = message(page, 'Welcome');
  const isTooEarly = heading(page, 'In a moment');
  for (let tries = 0; tries < 60; tries += 1) {
    await page.goto(url('/login'));
    await signIn(page, user);
    await isTaken.or(isTooEarly).waitFor();
    if (await isTaken.count()) return;
  }
  throw new Error('the shop takes no sign-in');
}

export async function signOut(page) {
  await page.getByRole('contentinfo').getByRole('button', { name: 'Sign out' }).click();
  await message(page, 'You are signed out.').waitFor();
}

// A new visitor's page, signed in, on the first page.
export async function signedIn(context, url, options) {
  const page = await context.newPage();
  await signInSoon(page, url, options);
  return page;
}

export const add = (page, good) => page.getByRole('article', { name: good }).getByRole('button').click();

// What a page says once.
export const message = (page, text) => page.locator('.message', { hasText: text });

export const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });

export const inCart = (page) => page.getByRole('navigation').locator('.count').innerText().then(parseInt);
