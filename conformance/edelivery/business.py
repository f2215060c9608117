"""The business application behind our node, the producer and the consumer of the assertions: a program that hands messages
over by the node's REST API and takes what came."""
import json
import urllib.parse

from . import back_ends, written

SERVICE = ("urn:conformance:business", "urn:ehds:service")
BACK_ENDS = [{"name": "business", "takes": [{"service": SERVICE[0]}]}]


class application(back_ends.back_end):
    def submit(self, parts, **message):
        """`parts`: (media type, bytes) or (media type, bytes, what more is said of the part). Gives the message's id."""
        named = [(f"part-{n}", *one) for n, one in enumerate(parts)]
        said = [{"content_id": name, **more[0]} for name, _, _, *more in named if more]
        status, answer = self.hand_over({"pmode": "business", "action": "notify", "parts": said, **message},
                                        [one[:3] for one in named], written.new_id())
        if status != 201:
            raise RuntimeError(f"the node took no submission: {status} {answer!r}")
        return json.loads(answer)["message_id"]

    def state(self, message_id, direction="out"):
        status, answer = self.rest("GET", f"/{urllib.parse.quote(message_id, safe='')}?direction={direction}")
        return json.loads(answer) if status == 200 else {"status": f"HTTP {status}"}

    def receipt(self, message_id):
        return self.rest("GET", f"/{urllib.parse.quote(message_id, safe='')}/receipt")

    def told_of(self, message_id):
        """What it was told of one message, in order."""
        lines = self.rest("GET", "/events?count=500")[1].decode().splitlines()
        told = [json.loads(line[len("data: "):]) for line in lines if line.startswith("data: ")]
        return [one for one in told if one["message_id"] == message_id]

    def events(self, message_id):
        return [one["event"] for one in self.told_of(message_id)]

    def waiting(self, message_id):
        listed = json.loads(self.rest("GET", "")[1])["messages"]
        return [one for one in listed if one["message_id"] == message_id]

    def content(self, message_id):
        """Every part that came, as it is downloaded: bytes, and what is said of them."""
        said = self.state(message_id, "in").get("parts", [])
        path = f"/{urllib.parse.quote(message_id, safe='')}/parts/"
        return [{**one, "data": self.rest("GET", f"{path}{one['number']}?direction=in")[1]} for one in said]

    def done(self, message_id):
        return self.rest("POST", f"/{urllib.parse.quote(message_id, safe='')}/processed", b"")[0]


def typed(properties):
    """As the API says them."""
    return [{"name": name, "value": value, "type": of[0] if of else None} for name, value, *of in properties]


def taken_wrong(app, message_id, parts, properties=(), **said):
    """"" when the consumer has the message once, whole and as it was sent; else what is different."""
    listed = app.waiting(message_id)
    if len(listed) != 1 or app.events(message_id) != ["message.arrived"]:
        return f"the consumer has it {len(listed)} times, was told {app.events(message_id)}"
    got = listed[0]
    expected = {"properties": typed(properties), **said}
    wrong = {name: got[name] for name, value in expected.items() if got[name] != value}
    if wrong:
        return f"the consumer was told {wrong}"
    one = lambda part: (part.name, part.mime, part.charset or "", typed(part.more), len(part.data))
    sent = [one(part) for part in parts]
    content = app.content(message_id)
    came = [(part["content_id"], part["mime_type"], part["character_set"], part["properties"], part["size"]) for part in content]
    if came != sent:
        return f"sent were {sent}, the consumer has {came}"
    if [part["data"] for part in content] != [part.data for part in parts]:
        return "the consumer got other bytes"
    return "" if app.done(message_id) == 204 and not app.waiting(message_id) else "it still waits after it was processed"
