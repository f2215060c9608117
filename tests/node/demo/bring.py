#!/usr/bin/env python3
"""The demonstration takes a stranger's files through its own doors and answers each: records, an application, messages
and noise. usage: bring.py EHDS_NODE HOUSE"""
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

ENVELOPE = """<S12:Envelope xmlns:S12="http://www.w3.org/2003/05/soap-envelope"
 xmlns:eb="http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/"><S12:Header>
<eb:Messaging S12:mustUnderstand="true"><eb:UserMessage>
<eb:MessageInfo><eb:Timestamp>2026-11-22T10:00:00Z</eb:Timestamp><eb:MessageId>1@stranger.example</eb:MessageId></eb:MessageInfo>
<eb:PartyInfo><eb:From><eb:PartyId type="urn:oasis:names:tc:ebcore:partyid-type:unregistered">EU</eb:PartyId><eb:Role>http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/initiator</eb:Role></eb:From>
<eb:To><eb:PartyId type="urn:oasis:names:tc:ebcore:partyid-type:unregistered">FR</eb:PartyId><eb:Role>http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/responder</eb:Role></eb:To></eb:PartyInfo>
<eb:CollaborationInfo><eb:Service type="urn:ehds:service">urn:healthdata-eu:secondary-use</eb:Service>
<eb:Action>statusUpdate</eb:Action><eb:ConversationId>1</eb:ConversationId></eb:CollaborationInfo>
</eb:UserMessage></eb:Messaging></S12:Header><S12:Body/></S12:Envelope>"""
MULTIPART = ("--edge\r\nContent-Type: application/soap+xml\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <soap>\r\n\r\n"
             + ENVELOPE + "\r\n--edge--\r\n")
HEADERS = ('POST /as4 HTTP/1.1\r\nHost: somewhere.example\r\n'
           'Content-Type: multipart/related; boundary="edge"; type="application/soap+xml"; start="<soap>"\r\n\r\n')


def with_file_named(answers, size):
    """Where an answer says "@file", the attachment."""
    text = json.dumps(answers)
    return json.loads(text.replace('"@file"', json.dumps({"id": "f1", "name": "research_plan.odt", "size": size})))


def application_zip(answers_folder):
    """As a dispatcher hands it out: the metadata beside a ZIP of the attachments."""
    plan = (answers_folder / "research_plan.odt").read_bytes()
    form = json.loads((answers_folder / "access_application.json").read_text())
    metadata = {
        "application_id": "5ea1ed00-0000-4000-8000-000000000001", "application_type": "DATA_ACCESS_APPLICATION",
        "title": form["section2"]["projectName"], "user": {"id": "stranger"}, "dateSubmitted": "2026-11-22T10:00:00.000Z",
        "version": 1, "form_release": "r8", "form_language": "en",
        "datasets": [{"dataset_id": f"{country}-{name}", "catalog_id": country, "title": {"en": name},
                      "country": {"country_id": country}, "hdab": {"name": "authority"}, "publisher": {"name": "holder"},
                      "distributions": []} for country, name in (("FR", "SNDS"), ("FI", "HILMO"))],
        "form": with_file_named(form, len(plan)),
        "attachments": [{"id": "f1", "name": "research_plan.odt", "size": len(plan)}],
    }
    files, whole = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(files, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("f1_research_plan.odt", plan)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("application_metadata.json", json.dumps(metadata))
        archive.writestr("application_file.zip", files.getvalue())
    return whole.getvalue()


def fill(folder, house):
    """name -> (the HTTP status to expect, what the answer must say)"""
    demo = house / "node/demo"
    good = (demo / "records/FR/FR-EMUST.ttl").read_text().replace("FR-EMUST", "FR-BROUGHT")
    files = {
        "good.ttl": (good.encode(), 201, "FR-BROUGHT"),
        "incomplete.ttl": ((demo / "records/incomplete.ttl").read_bytes(), 422, "mend"),
        "unreadable.ttl": (b"<https://example.org/x> a dcat:Dataset ; ; .", 400, "where"),
        "application.zip": (application_zip(demo / "answers"), 201, "accepted"),
        "notazip.zip": (b"PK\x03\x04 but nothing more", 400, "zip"),
        "notes.md": (b"# what I think", None, "skipped, it is no record"),
        "noise.bin": (bytes(range(256)) * 8, 200, "EBMS:0009.*<eb:Error "),
        "empty.bin": (b"", 200, "EBMS:0009.*<eb:Error "),
        "untyped.as4": (b"Content-Type:\r\n\r\n" + ENVELOPE.encode(), 200, "EBMS:0009.*<eb:Error "),
        "bare.xml": (ENVELOPE.encode(), 200, "EBMS:0103 PolicyNoncompliance.*<eb:Error .*1@stranger.example"),
        "multipart.as4": (MULTIPART.encode(), 200, "EBMS:0103 PolicyNoncompliance.*<eb:Error .*1@stranger.example"),
        "captured.as4": ((HEADERS + MULTIPART).encode(), 200, "EBMS:0103 PolicyNoncompliance.*<eb:Error .*1@stranger.example"),
    }
    for name, (content, _, _) in files.items():
        (folder / name).write_bytes(content)
    return {name: (status, word) for name, (_, status, word) in files.items()}


def answers_in(printed, folder):
    """file -> (status, its line, and after it the whole answer as kept)"""
    found = {}
    for line in printed.splitlines():
        head = re.match(r"   (\S+) → ([^:]+): HTTP (\d+): (.{3,})$", line)
        if head and len(line) < 320:
            kept = (folder / (head[1] + ".answer")).read_text(errors="replace")
            found[head[1]] = (int(head[3]), head[4] + "\n" + kept)
    return found


def main(program, house):
    with tempfile.TemporaryDirectory(prefix="ehds-bring-") as room:
        brought = pathlib.Path(room) / "brought"
        brought.mkdir()
        expected = fill(brought, house)
        (brought / "inside").mkdir()
        (brought / "inside" / "good.ttl").write_bytes(b"never read")
        nowhere = subprocess.run([program, "demo", "--once", "--folder", room + "/nothing", "--bring", room + "/nope"],
                                 capture_output=True, text=True, timeout=10)
        done = subprocess.run([program, "demo", "--once", "--persons", "2000", "--folder", room + "/demo", "--source",
                               str(house), "--bring", str(brought)], capture_output=True, text=True, errors="replace")
        got = answers_in(done.stdout, pathlib.Path(room) / "demo" / "answers")
    print(done.stdout, done.stderr)
    skipped = dict(re.findall(r"^   (\S+): (skipped, .*)$", done.stdout, re.MULTILINE))
    faults = [] if done.returncode == 0 else [f"exit {done.returncode}"]
    if nowhere.returncode == 0 or "/nope is not a folder" not in nowhere.stderr:
        faults.append("a folder that is not there was noticed late: " + nowhere.stderr)
    if "inside/" not in skipped:
        faults.append("the folder inside is not mentioned")
    for name, (wanted, word) in expected.items():
        if wanted is None:
            if word not in skipped.get(name, ""):
                faults.append(name + " is not said to be skipped")
            continue
        status, body = got.get(name, (0, ""))
        if status != wanted or not re.search(word, body, re.DOTALL):
            faults.append(f"{name}: HTTP {status}, expected {wanted} and \"{word}\": {body[:300]}")
    print("\n".join(faults) or f"{len(expected)} files brought, {len(expected)} answered")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]).resolve()))
