"""What is asked of a node over HTTP and waited for."""
import json
import time
import urllib.parse


def until(what, is_so, seconds=30, gives_up=lambda: "", fault=AssertionError):
    """What `is_so` finds; `gives_up` says why nobody needs to wait any longer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := is_so():
            return found
        if why := gives_up():
            raise AssertionError(f"{what}: given up: {why}")
        time.sleep(0.1)
    raise fault(f"{what}: not within {seconds} s")


def taken(got, *good, refused=""):
    """What the node answered; its refusals say place and mend by themselves."""
    status, body = got
    assert status in (good or (200, 201, 204)), f"{refused}HTTP {status}: {reason(body)}"
    return json.loads(body) if body else {}


def reason(body):
    try:
        said = json.loads(body)
        return f"{said['detail']} (at {said.get('where')}). Mend: {said.get('mend')}"
    except (ValueError, KeyError, TypeError):
        return f"{body[:300]!r}"


def quoted(text):
    return urllib.parse.quote(text, safe="")
