"""Everything the node signs, under each profile, judged by software we did not write: xmlsec1 where it knows the algorithm
(RSA, ECDSA) and nothing is attached, `cryptography` and lxml for all."""
import pathlib
import tempfile

from checks import receipts

from . import algorithms, named, tokens
from .field import field
from .names import TEST_ACTION, TEST_SERVICE

AREA = "witnesses"


def by_xmlsec(at, soap, what, told):
    if at.suite == "eddsa":
        told.skipped(AREA, f"xmlsec1, {at.suite}", "xmlsec1 1.2 does not know Ed25519; `cryptography` verified it")
        return
    with tempfile.TemporaryDirectory() as folder:
        holds, said = receipts.verified_by_xmlsec(soap, pathlib.Path(folder), tokens.der(at.fr.certificate["sign"]))
    told.demand(holds, AREA, f"xmlsec1, {at.suite}: {what}", said[-300:])


def judge_suite(at, told):
    kinds = {"a receipt": at.message(), "the receipt of a test message": at.message([], service=(TEST_SERVICE, None), action=TEST_ACTION),
             "an error": at.message(service=("urn:other", "urn:ehds:service"))}
    for what, message in kinds.items():
        answer = at.post(message)
        is_kind = bool(answer.errors) if what == "an error" else answer.is_receipt
        is_right = is_kind and answer.is_signed and answer.message.algorithm == algorithms.SIGNATURE[at.suite]
        told.demand(is_right, AREA, f"cryptography, {at.suite}: {what}", str(answer))
        by_xmlsec(at, answer.message.root, what, told)
    for _ in range(5):
        _, entry = at.provoke()
        at.node.settled(entry["message_id"])
        got = at.sent(entry["message_id"])[0]
        told.demand(not got.problems and got.is_encrypted and got.algorithm == algorithms.SIGNATURE[at.suite], AREA,
                    f"cryptography, {at.suite}: a message verifies, decrypts and unpacks", str(got.problems))


def judge_names(at, told):
    for what, why, alone in named.sent(at):
        told.demand(not why, AREA, f"cryptography, {at.suite}: {what}", why)
        if alone is not None:
            by_xmlsec(at, alone, what, told)
    for what, why in named.received(at):
        told.demand(not why, AREA, f"{at.suite}: {what}", why)


def judge(program, told):
    for suite in algorithms.SUITES:
        with tempfile.TemporaryDirectory(prefix="ehds-witnesses-") as folder:
            with field(program, folder + "/one", suite) as at:
                judge_suite(at, told)
            with named.ways(program, folder + "/two", suite) as at:
                judge_names(at, told)
