// Sites of the Rust side, and what visitors do on them.

import assert from 'node:assert/strict';

const SITES = process.env.SESSION_BROWSER_SITES;

export const KEY = 'Gs0kb8vQ3xJ5mT7yR1wZ9pL2nH4cF6dA8eK0iU3oV5s=';
export const OTHER_KEY = '1kDh95ZZ2Vs8XoFqcTGSrDMw6BpEuLJfVwCnYtQHPes=';

async function ask(path, body) {
  const response = await fetch(SITES + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, text);
  return text && JSON.parse(text);
}

// Starts a site whose session cookie is the default one but for `cookie`. `options` are those of `sites.rs`.
export async function site(cookie = {}, options = {}) {
  const port = await ask('/sites', { cookie: { name: '__Host-app', key: KEY, ...cookie }, ...options });
  return {
    port,
    url: (path = '/', host = '127.0.0.1') => `http://${host}:${port}${path}`,
    // The requests that it got for a path: methods and names of cookies.
    seen: async (path) => (await ask(`/sites/${port}/seen`)).filter((request) => request.path === path),
    // Moves its clock.
    forward: (seconds) => ask(`/sites/${port}/clock`, seconds),
  };
}

// In a page or a frame that shows the site.
export async function signIn(page, { name = 'ada', remember = false } = {}) {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Remember me').setChecked(remember);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('#notice').waitFor();
}

export async function signOut(page) {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('#user', { hasText: 'nobody' }).waitFor();
}

export const user = (page) => page.locator('#user').innerText();

// What the session holds, as the server says; asked from the page.
export const held = (page) => page.evaluate(async () => (await fetch('held')).json());
