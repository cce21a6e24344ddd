"""The plain aiohttp client that a dispatcher is measured against: posts one body again and again, fifty at a time.

`python -m bench.yardsticks.plain_client URL COUNT < BODY` prints how many it posted in a second.
"""

import asyncio
import sys
import time

import aiohttp
import uvloop

AT_ONCE = 50
HEADERS = {"Content-Type": "application/json"}


async def _post(session: aiohttp.ClientSession, url: str, body: bytes, total: int) -> float:
    left = total

    async def worker() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            async with session.post(url, data=body, headers=HEADERS) as answer:
                await answer.read()

    begin = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return total / (time.perf_counter() - begin)


async def _main(url: str, total: int) -> None:
    body = sys.stdin.buffer.read()
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(10)) as session:
        await _post(session, url, body, 10 * AT_ONCE)  # opens the connections
        print(await _post(session, url, body, total))


if __name__ == "__main__":
    uvloop.run(_main(sys.argv[1], int(sys.argv[2])))
