"""What lies between two nodes: TLS on both sides, bytes passed on as they come, every receipt that left written down."""
import asyncio
import collections
import contextlib
import logging
import re
import ssl
import threading

SIGNAL = re.compile(rb"<(?:\w+:)?SignalMessage\b.*?</(?:\w+:)?SignalMessage>", re.DOTALL)
NAMED = re.compile(rb"RefToMessageId>([^<]+)<")


def receipts_in(heard):
    """The ids that whole receipts acknowledge, and what comes after the last whole signal."""
    ids, end = [], 0
    for one in SIGNAL.finditer(heard):
        end = one.end()
        if b"NonRepudiationInformation" in one[0]:
            ids.append(NAMED.search(one[0])[1].decode())
    return ids, heard[end:]


class line:
    """To the node at `port`, which it stands in for with that node's own certificate (`keys`: its folder)."""

    def __init__(self, port, keys, trusted):
        self.port, self.trusted = port, trusted
        self.receipts, self.connections, self.passed_on = collections.Counter(), 0, 0
        own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        own.load_cert_chain(keys / "tls.pem", keys / "tls.key")
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda *_: None)  # ends that break are what this is for
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        self.server = self.loop.run_until_complete(asyncio.start_server(self.carry, "127.0.0.1", 0, ssl=own))
        self.url = f"https://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/as4"
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    async def carry(self, reader, writer):
        self.connections += 1
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=self.trusted)
        except OSError:
            writer.transport.abort()
            return
        try:
            await asyncio.gather(self.pump(reader, there_writer, lambda piece: None),
                                 self.pump(there_reader, writer, self.listener()))
        except asyncio.CancelledError:  # the line is closed
            for one in (writer, there_writer):
                one.transport.abort()
            raise

    def listener(self):
        heard = b""

        def hear(piece):
            nonlocal heard
            ids, heard = receipts_in(heard + piece)
            self.receipts.update(ids)

        return hear

    async def pump(self, come, go, hear):
        with contextlib.suppress(OSError):
            while piece := await come.read(65536):
                hear(piece)  # before it is passed on: who gave it has given it
                self.passed_on += len(piece)
                go.write(piece)
                await go.drain()
        with contextlib.suppress(OSError):
            go.close()

    async def cut(self):
        self.server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # the ends are told in the next round of the loop

    def close(self):
        asyncio.run_coroutine_threadsafe(self.cut(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
