"""Programs of a country opposite two whole nodes: one speaks REST, one the WS plug-in of Domibus, in Python and lxml,
with the envelopes that back ends of Domibus send (plain and MTOM). What one hands over the other takes. A third lives on
messages that are pushed to it whole."""
import base64
import contextlib
import hashlib
import json
import os
import pathlib
import tempfile
import traceback
import urllib.error
import urllib.parse
import urllib.request

from lxml import etree

from . import keys, nodes, pushed_whole
from .asking import until
from .load import rest_submission
from .names import EB as CORE

AREA = "back ends"
SERVICE, TYPE = "urn:conformance:notes", "urn:ehds:service"
WHOLE = "urn:conformance:whole"  # the service whose messages are pushed
SOAP, PLUGIN = "http://www.w3.org/2003/05/soap-envelope", "http://eu.domibus.wsplugin/"
ROOT = b'Content-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"\r\nContent-ID: <root@back.end>\r\n'


class unavailable(Exception):
    pass


class back_end:
    """A key of a node, and the two languages. `name` may be left out where the node has only one back end."""

    def __init__(self, node, name=None):
        self.node = node
        asked = json.dumps({"name": "conformance", "roles": ["back_end"], **({"back_end": name} if name else {})}).encode()
        self.key = json.loads(node.ask("POST", "/api/api-keys", asked, "operator")[1])["key"]

    def call(self, method, path, body=None, **headers):
        asked = urllib.request.Request(self.node.url + path, data=body, method=method,
                                       headers={name.replace("_", "-"): value for name, value in headers.items()})
        with contextlib.closing(self.opened(asked)) as got:
            return got.status, got.read()

    def opened(self, asked):
        try:
            return urllib.request.urlopen(asked, timeout=60)
        except urllib.error.HTTPError as refused:
            return refused

    def rest(self, method, path, body=None, **headers):
        status, got = self.call(method, "/api/messages" + path, body, X_API_Key=self.key, **headers)
        return status, got

    def hand_over(self, message, parts, key):
        kind, body = rest_submission(message, parts)
        return self.rest("POST", "", body, Idempotency_Key=key, Content_Type=kind)

    def soap(self, envelope, kind="application/soap+xml; charset=UTF-8"):
        user = base64.b64encode(f"plugin:{self.key}".encode()).decode()
        status, got = self.call("POST", "/services/wsplugin", envelope, Authorization="Basic " + user, Content_Type=kind)
        return status, etree.fromstring(got)

    def ask(self, operation, **children):
        inside = "".join(f"<{name}>{value}</{name}>" for name, value in children.items())
        status, got = self.soap(f'<s:Envelope xmlns:s="{SOAP}" xmlns:w="{PLUGIN}"><s:Header/><s:Body><w:{operation}>{inside}'
                                f"</w:{operation}></s:Body></s:Envelope>".encode())
        assert status == 200, etree.tostring(got)
        return got.find(f"{{{SOAP}}}Body")[0]

    def waiting(self):
        return [one.text for one in self.ask("listPendingMessagesRequest").findall("messageID")]


def submission(value, name="message"):
    """As the public samples of the plug-in have it."""
    return f"""<soap:Envelope xmlns:soap="{SOAP}" xmlns:ns="{CORE}" xmlns:_1="{PLUGIN}" xmlns:xm="http://www.w3.org/2005/05/xmlmime">
  <soap:Header><ns:Messaging><ns:UserMessage mpc="{CORE}defaultMPC">
    <ns:PartyInfo>
      <ns:From><ns:PartyId>FR</ns:PartyId><ns:Role>{CORE}initiator</ns:Role></ns:From>
      <ns:To><ns:PartyId>EU</ns:PartyId><ns:Role>{CORE}responder</ns:Role></ns:To>
    </ns:PartyInfo>
    <ns:CollaborationInfo><ns:Service type="{TYPE}">{SERVICE}</ns:Service><ns:Action>notify</ns:Action></ns:CollaborationInfo>
    <ns:MessageProperties><ns:Property name="originalSender">C1</ns:Property><ns:Property name="finalRecipient">C4</ns:Property></ns:MessageProperties>
    <ns:PayloadInfo><ns:PartInfo href="cid:{name}"><ns:PartProperties><ns:Property name="MimeType">text/xml</ns:Property></ns:PartProperties></ns:PartInfo></ns:PayloadInfo>
  </ns:UserMessage></ns:Messaging></soap:Header>
  <soap:Body><_1:submitRequest><payload payloadId="cid:{name}" contentType="text/xml"><value>{value}</value></payload></_1:submitRequest></soap:Body>
</soap:Envelope>""".encode()


def payloads(retrieved):
    return [base64.b64decode(one.findtext("value")) for one in retrieved.findall("payload")]


def plugin_to_plugin(fr, eu):
    status, got = fr.soap(submission(base64.b64encode(b"<hello>world</hello>").decode()))
    assert status == 200, etree.tostring(got)
    name = got.findtext(f".//{{{PLUGIN}}}submitResponse/messageID")
    until("the message waits", lambda: name in eu.waiting())
    assert payloads(eu.ask("retrieveMessageRequest", messageID=name)) == [b"<hello>world</hello>"]
    assert name not in eu.waiting(), "it still waits after it was retrieved"
    assert eu.ask("statusRequest", messageID=name).text == "DOWNLOADED"
    until("it is acknowledged", lambda: fr.ask("statusRequestWithAccessPointRole", messageID=name,
                                              accessPointRole="SENDING").text == "ACKNOWLEDGED")
    assert fr.ask("getErrorsRequest", messageID=name).tag == f"{{{PLUGIN}}}getMessageErrorsResponse"


def generated_client(fr, eu):
    """zeep makes its client from the WSDL that the node serves, and holds every answer to that schema."""
    try:
        import requests
        import zeep
    except ImportError:
        raise unavailable("PyPI zeep is not installed")
    def client(of):
        line = requests.Session()
        line.auth = ("plugin", of.key)
        made = zeep.Client(of.node.url + "/services/wsplugin?wsdl", transport=zeep.Transport(session=line))
        return made, made.create_service(f"{{{PLUGIN}}}WebServicePluginSoapBinding", of.node.url + "/services/wsplugin")
    (made, sender), (_, receiver) = client(fr), client(eu)
    party = lambda name, role: {"PartyId": {"_value_1": name}, "Role": CORE + role}
    header = made.get_element(f"{{{CORE}}}Messaging")(UserMessage={
        "PartyInfo": {"From": party("FR", "initiator"), "To": party("EU", "responder")},
        "CollaborationInfo": {"Service": {"_value_1": SERVICE, "type": TYPE}, "Action": "notify"},
        "PayloadInfo": {"PartInfo": [{"href": "cid:message"}]}})
    name = sender.submitMessage(payload=[{"payloadId": "cid:message", "contentType": "text/plain", "value": b"zeep"}],
                                _soapheaders={"ebMSHeaderInfo": header})[0]
    until("the message waits", lambda: name in (receiver.listPendingMessages() or []))
    got = receiver.retrieveMessage(messageID=name, markAsDownloaded=False)
    assert got.body.payload[0].value == b"zeep", got
    assert got.header.ebMSHeaderInfo.UserMessage.MessageInfo.MessageId == name, got
    assert receiver.markMessageAsDownloaded(messageID=name) == name
    assert receiver.getStatus(messageID=name) == "DOWNLOADED"
    assert sender.getMessageErrorsWithAccessPointRole(messageID=name, accessPointRole="SENDING") in (None, [])
    try:
        receiver.retrieveMessage(messageID="no@such")
        raise AssertionError("no fault")
    except zeep.exceptions.Fault as fault:
        assert fault.detail.findtext(".//code") == "WS_PLUGIN_0009", etree.tostring(fault.detail)


def mtom_to_rest(fr, eu):
    content = os.urandom(2_000_000)
    soap = submission('<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:message"/>')
    body = (b"--B\r\n" + ROOT + b"Content-Transfer-Encoding: binary\r\n\r\n" + soap + b"\r\n--B\r\n"
            b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <message>\r\n\r\n"
            + content + b"\r\n--B--\r\n")
    status, got = fr.soap(body, 'multipart/related; type="application/xop+xml"; boundary="B"; start="<root@back.end>"; '
                                'start-info="application/soap+xml"')
    assert status == 200, etree.tostring(got)
    name = got.findtext(f".//{{{PLUGIN}}}submitResponse/messageID")
    find = lambda: next((m for m in json.loads(eu.rest("GET", "")[1])["messages"] if m["message_id"] == name), None)
    message = until("the message waits", find)
    part = message["parts"][0]
    assert part["sha256"] == hashlib.sha256(content).hexdigest() and part["mime_type"] == "text/xml", part
    path = "/" + urllib.parse.quote(name, safe="")
    assert eu.rest("GET", path + "/parts/1")[1] == content, "the download differs"
    assert eu.rest("POST", path + "/processed", b"")[0] == 204
    assert find() is None, "it still waits"


def rest_to_plugin(fr, eu):
    parts = [("a", "application/json", b"{}"), ("b", "application/pdf", b"\0" * 300_000)]
    message = {"pmode": "conformance", "action": "notify", "parts": [{"content_id": "b", "properties": [{"name": "page", "value": "3"}]}]}
    status, first = fr.hand_over(message, parts, "key-1")
    assert status == 201, first
    assert fr.hand_over(message, parts, "key-1") == (201, first), "the same key gave another answer"
    assert fr.hand_over(message, parts[:1] + [("b", "application/pdf", b"other")], "key-1")[0] == 409
    name = json.loads(first)["message_id"]
    until("the message waits", lambda: name in eu.waiting())
    assert payloads(eu.ask("retrieveMessageRequest", messageID=name)) == [b"{}", b"\0" * 300_000]
    seen = eu.rest("GET", "/events")[1].decode()
    assert seen.count(name) == 1 and "event: message.arrived" in seen, seen
    last = [line[4:] for line in seen.splitlines() if line.startswith("id: ")][-1]
    assert name not in eu.rest("GET", "/events", Last_Event_ID=last)[1].decode()


def strangers(fr, eu):
    envelope = submission("aGk=")
    status, got = fr.call("POST", "/services/wsplugin", envelope, Content_Type="application/soap+xml")
    assert status == 401 and b"WS_PLUGIN_0002" in got, (status, got)
    status, got = fr.soap(envelope.replace(b">EU<", b">XX<"))
    assert status == 500 and got.findtext(".//code") == "WS_PLUGIN_0003", etree.tostring(got)


def check_all(checks, told, *with_these):
    for what in checks:
        try:
            what(*with_these)
            told.passed(AREA, what.__name__.replace("_", " "))
        except unavailable as why:
            told.skipped(AREA, what.__name__.replace("_", " "), str(why))
        except Exception:
            told.failed(AREA, what.__name__.replace("_", " "), traceback.format_exc(limit=-3))


def two_nodes(program, folder, mill):
    issuer = keys.authority()
    own = {name: keys.party(name, "rsa", issuer, folder / "keys" / name) for name in ("EU", "FR")}
    both = {}
    for name, other in (("EU", "FR"), ("FR", "EU")):
        agreed = nodes.agreement(name, other, SERVICE, TYPE)
        modes = [nodes.pmode(nodes.agreement(name, other, service, TYPE), "rsa", own[name], own[other],
                             "http://127.0.0.1:1/as4", id=called)
                 for service, called in ((SERVICE, "conformance"), (WHOLE, "whole"))]
        both[name] = nodes.node(program, folder / name, own[name], modes, agreed,
                                role="central" if name == "EU" else "national",
                                back_ends=[{"name": "erp", "takes": [{"service": SERVICE}]},
                                           {"name": "mill", "takes": [{"service": WHOLE}], "webhook": mill.webhook(name)}])
        (folder / name / "mill.secret").write_text(pushed_whole.SECRET)
    for name, other in (("EU", "FR"), ("FR", "EU")):
        file = both[name].folder / "pmodes/pmodes.json"
        file.write_text(file.read_text().replace("http://127.0.0.1:1/as4", both[other].as4))
    return both["FR"], both["EU"]


def judge(program, told):
    with tempfile.TemporaryDirectory(prefix="ehds-back-ends-") as folder:
        mill = pushed_whole.waiting_back_end()
        fr, eu = two_nodes(program, pathlib.Path(folder), mill)
        try:
            for one in (fr, eu):
                one.start()
            check_all((plugin_to_plugin, generated_client, mtom_to_rest, rest_to_plugin, strangers), told,
                      back_end(fr, "erp"), back_end(eu, "erp"))
            check_all(pushed_whole.CHECKS, told, back_end(fr, "mill"), back_end(eu, "mill"), mill)
        finally:
            for one in (fr, eu):
                one.stop()
            mill.peer.close()
