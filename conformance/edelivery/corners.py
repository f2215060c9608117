"""The assertions of four corners: who stands behind the two access points."""
from . import business, written
from .asserting import asserts, first, one_sent, properties, received, refused, submitted

CORNERS = [("originalSender", "C1"), ("finalRecipient", "C4")]
ASKED = [{"name": name, "value": value} for name, value in CORNERS]  # as a producer hands them over
JSON = [("application/json", b"{}")]


def agreed_corners(at):
    """Where the P-Mode says who stands behind whom: those are sent, those alone are taken."""
    with at.beside(four_corners={"ours": "C4", "theirs": "C1"}) as on:
        got = one_sent(on, properties=CORNERS)[2]
        if got.problems or sorted(properties(got)) != [("finalRecipient", "C1"), ("originalSender", "C4")]:
            return f"sent with {properties(got)} {got.problems}"
        strangers = ([], CORNERS[:1], [("originalSender", "C1"), ("finalRecipient", "C9")], [("originalSender", "C4"), ("finalRecipient", "C1")])
        return "".join(refused(on, *on.send(properties=given, service=business.SERVICE), codes=["EBMS:0010"]) for given in strangers)


@asserts("4CT_TA01", "M", "originalSender and finalRecipient are sent with the producer's values, and told to the consumer")
def four_corners(at):
    got = submitted(at, JSON, properties=ASKED)[1]
    sent = first(sorted(properties(got)) == sorted(CORNERS), properties(got))
    return sent or received(at, properties=CORNERS) or agreed_corners(at)


@asserts("4CT_TA02", "O", "trackingIdentifier is carried")
def tracking(at):
    one = ("trackingIdentifier", "t-1")
    got = submitted(at, JSON, properties=[*ASKED, dict(zip(("name", "value"), one))])[1]
    return received(at, properties=[*CORNERS, one]) or first(one in properties(got), properties(got))


@asserts("4CT_TA03", "M", "From and To are the access points")
def corners_are_msh(at):
    got = submitted(at, JSON, properties=ASKED)[1]
    ids = [[one.text for one in got.root.iterfind(f".//eb:{side}/eb:PartyId", written.NS)] for side in ("From", "To")]
    return first(ids == [[at.agreed.node], [at.agreed.peer]] and sorted(properties(got)) == sorted(CORNERS), ids)
