"""The demonstration as a running network, and a plain HTTPS client for its nodes."""
import contextlib
import json
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

PASSWORD = "demonstration-only"  # printed by the demonstration
COUNTRIES = ("FR", "FI", "DK")
NODES = ("EU",) + COUNTRIES


class answer:
    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.kind = headers.get_content_type()
        self.content_type = headers.get("Content-Type", "")

    def json(self):
        return json.loads(self.body)


class node:
    def __init__(self, name, folder):
        self.name = name
        self.folder = folder / name
        self.health_data = folder / "health_data" / f"{name}.sqlite"
        self.url = json.loads((self.folder / "node.json").read_text())["node"]["base_url"]
        self.authority = folder / "ca" / "ca.pem"
        self._trusted = ssl.create_default_context(cafile=self.authority)
        self._tokens = {}

    @property
    def address(self):
        place = urllib.parse.urlsplit(self.url)
        return place.hostname, place.port

    def call(self, path, account=None, accept=None, body=None):
        asked = urllib.request.Request(self.url + path, data=None if body is None else json.dumps(body).encode())
        if body is not None:
            asked.add_header("Content-Type", "application/json")
        if accept:
            asked.add_header("Accept", accept)
        if account:
            asked.add_header("Authorization", "Bearer " + self._token(account))
        try:
            with urllib.request.urlopen(asked, context=self._trusted, timeout=30) as got:
                return answer(got.status, got.headers, got.read())
        except urllib.error.HTTPError as refused:
            return answer(refused.code, refused.headers, refused.read())

    def read(self, path, account=None):
        got = self.call(path, account)
        if got.status != 200:
            raise RuntimeError(f"{self.name}{path}: HTTP {got.status} {got.body[:200]!r}")
        return got.json()

    def _token(self, account):
        if account not in self._tokens:
            session = {"account": f"{account}.{self.name}", "password": PASSWORD}
            self._tokens[account] = self.call("/api/session", body=session).json()["token"]
        return self._tokens[account]


def segment(text):
    return urllib.parse.quote(text, safe="")


@contextlib.contextmanager
def story(program, house, folder, persons):
    """Plays the story; yields the nodes while they stay up; ends every process."""
    command = [str(program), "demo", "--persons", str(persons), "--folder", str(folder), "--source", str(house)]
    print("playing the demonstration with", persons, "persons a country", flush=True)
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        told = []
        for line in running.stdout:
            told.append(line)
            if "The network stays up" in line:
                break
        else:
            sys.exit("conformance: the story broke off:\n" + "".join(told[-10:]))
        yield {name: node(name, folder) for name in NODES}
    finally:
        running.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.communicate(timeout=30)
        if running.poll() is None:
            running.kill()
