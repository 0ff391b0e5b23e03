"""Three visits of one client whose jar quotes values; prints what each was told."""

import asyncio
import sys

import aiohttp


async def main():
    jar = aiohttp.CookieJar(unsafe=True, quote_cookie=True)  # unsafe: also for addresses without a name
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        for _ in range(3):
            async with session.get(sys.argv[1]) as response:
                print(await response.text())


asyncio.run(main())
