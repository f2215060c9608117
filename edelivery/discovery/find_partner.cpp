#include "edelivery/discovery/find_partner.hpp"

#include <algorithm>

#include "edelivery/discovery/naptr.hpp"

namespace ehds::edelivery {

namespace {

constexpr std::chrono::seconds publisher_timeout{20};

struct place {
  http_call& wire;
  instant now;
};

result<std::string> fetched(std::string const& url, http_call& wire) {
  http_call_request request;
  request.url = url;
  request.timeout = publisher_timeout;
  request.response_limit = record_limits().bytes;
  auto got = wire.call(request);
  if (!got) return std::move(got).error();
  if (got->status == 200) return std::move(got->body);
  return problem{got->status == 404 ? "edelivery.discovery.http_none" : "edelivery.discovery.http",
                 "The publisher answered with HTTP status " + std::to_string(got->status) + ".", url,
                 "Check the identifiers of the participant and of the document."};
}

result<std::string> publisher_of(discovery_terms const& terms, naptr_question const& ask) {
  if (!terms.publisher.empty()) return terms.publisher;
  auto const name = bdxl_name(terms.participant, terms.zone);
  if (!name) return name;
  auto const answer = ask(*name);
  if (!answer) return answer;
  auto records = read_naptr_answer(*answer);
  auto address =
      records ? publisher_address(*std::move(records), terms.naptr_service) : result<std::string>(records.error());
  if (address) return address;
  auto why = address.error();
  why.where = *name + (why.where.empty() ? "" : ": " + why.where);
  return why;
}

// The operator who asked for a document that is not there reads which ones are. Nothing depends on it.
problem with_what_is_there(problem none, std::string const& publisher, discovery_terms const& terms, http_call& wire) {
  none.code = "edelivery.discovery.none";
  none.detail = "The publisher has no record of this document for the participant.";
  auto const group =
      fetched(service_group_url(publisher, terms.version, terms.participant), wire).and_then(read_service_group);
  if (!group) return none;
  constexpr std::size_t most_told = 5;
  std::string told;
  for (std::size_t n = 0; n < std::min(most_told, group->documents.size()); ++n)
    told += (n == 0 ? " It has: " : ", ") + group->documents[n].substr(0, 200);
  none.detail += told.empty() ? " It has none at all." : told + (group->documents.size() > most_told ? ", ..." : "");
  return none;
}

result<void> check_about(service_metadata const& record, discovery_terms const& terms) {
  bool const same_one = !record.participant || same_participant(*record.participant, terms.participant);
  bool const same_document = !record.document || *record.document == terms.document;
  if (same_one && same_document) return {};
  return problem{"edelivery.discovery.other_participant",
                 same_one ? "The record is about another document than was asked for."
                          : "The record is about another participant than was asked for.",
                 to_text(same_one ? *record.document : *record.participant).substr(0, 300),
                 "Ask the operator of the publisher."};
}

struct opened_record {
  service_metadata content;
  certificate signer;
};

result<opened_record> record_at(std::string const& url, discovery_terms const& terms, partner_trust const& signer,
                                place const& at) {
  auto const bytes = fetched(url, at.wire);
  if (!bytes) return bytes.error();
  auto const record = signed_record::open(*bytes, signer, at.now);
  if (!record) return record.error();
  auto read = read_service_metadata(*record);
  if (!read) return std::move(read).error();
  if (auto const about = check_about(*read, terms); !about) return about.error();
  return opened_record{*std::move(read), record->signer()};
}

std::optional<published_redirect> redirect_in(service_metadata const& record, discovery_terms const& terms) {
  for (auto const& one : record.processes)
    if (one.redirect && one.is_about(terms.process)) return one.redirect;
  return std::nullopt;
}

// Whom the redirect names stands in for the publisher that was asked; where it names nobody, that one counts here too.
partner_trust signer_beyond(published_redirect const& redirect, discovery_terms const& terms) {
  auto signer = terms.signer;
  if (!redirect.names_signer()) return signer;
  signer.pinned.clear();
  signer.subject.clear();
  return signer;
}

}  // namespace

result<discovered_partner> find_partner(pmode const& mode, naptr_question const& ask, http_call& wire, instant now) {
  auto const& terms = mode.discovery.value();
  auto const publisher = publisher_of(terms, ask);
  if (!publisher) return publisher.error();
  place const at{wire, now};
  auto record = record_at(service_metadata_url(*publisher, terms.version, terms.participant, terms.document), terms,
                          terms.signer, at);
  if (!record && record.error().code == "edelivery.discovery.http_none")
    return with_what_is_there(record.error(), *publisher, terms, wire);
  if (!record) return std::move(record).error();
  auto const redirect = redirect_in(record->content, terms);
  if (!redirect) return choose_endpoint(record->content, mode, now);
  auto const other = record_at(redirect->address, terms, signer_beyond(*redirect, terms), at);
  if (!other) return other.error();
  if (auto const expected = check_redirected(*redirect, other->signer, now); !expected) return expected.error();
  if (redirect_in(other->content, terms))
    return problem{"edelivery.discovery.redirect", "A record that was redirected to redirects again.",
                   redirect->address.substr(0, 300), "Ask the operator of the publisher."};
  return choose_endpoint(other->content, mode, now);
}

}  // namespace ehds::edelivery
