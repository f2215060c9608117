"""Every record of every catalogue in four syntaxes, read by rdflib; N-Triples and Turtle by serd's own program too."""
import subprocess

import rdflib
from rdflib.compare import isomorphic

from checks.network import segment

SYNTAXES = (("ttl", "text/turtle", "turtle"), ("rdf", "application/rdf+xml", "xml"),
            ("jsonld", "application/ld+json", "json-ld"), ("nt", "application/n-triples", "nt"))


def identifiers(at):
    found = []
    while True:
        page = at.read(f"/api/datasets?limit=100&offset={len(found)}")["datasets"]
        new = [one["id"] for one in page if one["id"] not in found]
        if not new:
            return found
        found += new


def count_by_serd(body, syntax):
    done = subprocess.run(["serdi", "-i", syntax, "-o", "ntriples", "-", "http://example.org/"], input=body,
                          capture_output=True, timeout=60)
    return len(done.stdout.splitlines()) if done.returncode == 0 else -1


def judge_record(at, identifier, told):
    where = f"{at.name} {identifier}"
    path = "/api/datasets/" + segment(identifier)
    graphs, bodies = {}, {}
    for name, kind, syntax in SYNTAXES:
        got = at.call(path, accept=kind)
        asked_by_name = at.call(f"{path}?format={name}")
        if not told.demand(got.status == 200 and got.kind == kind and asked_by_name.body == got.body, "HTTP",
                           f"{kind} by Accept and by name", f"{where}: {got.status} {got.kind}"):
            continue
        bodies[name] = got.body
        try:
            graphs[name] = rdflib.Graph().parse(data=got.body, format=syntax, publicID=at.url + path)
        except Exception as unreadable:
            told.failed("rdflib", f"{kind} is read", f"{where}: {unreadable}")
            continue
        told.demand(len(graphs[name]) > 10, "rdflib", f"{kind} is read", f"{where}: {len(graphs[name])} triples")
    first = graphs.get("nt")
    for name, kind, _ in SYNTAXES[:3]:
        if first is not None and name in graphs:
            told.demand(isomorphic(first, graphs[name]), "rdflib", f"{kind} says the same as N-Triples",
                        f"{where}: {len(graphs[name])} triples, N-Triples {len(first)}")
    for name, syntax in (("ttl", "turtle"), ("nt", "ntriples")):
        if name in bodies and first is not None:
            count = count_by_serd(bodies[name], syntax)
            told.demand(count == len(first), "serdi", f"{syntax} has as many triples as rdflib finds",
                        f"{where}: {count}, rdflib {len(first)}")


def judge(nodes, told):
    for at in nodes.values():
        known = identifiers(at)
        told.demand(known, "HTTP", "a catalogue lists its records", at.name)
        for identifier in known:
            judge_record(at, identifier, told)
