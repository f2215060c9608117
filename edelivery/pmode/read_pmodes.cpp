#include "edelivery/pmode/read_pmodes.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/slips.hpp"
#include "edelivery/mime/write_multipart.hpp"
#include "edelivery/pmode/read_discovery.hpp"
#include "edelivery/pmode/strict_object.hpp"
#include "edelivery/security/key_strength.hpp"

namespace ehds::edelivery {

std::optional<std::string_view> shipped_pmode_file(std::string_view path);  // made by CMake

std::string_view pmode_schema() { return shipped_pmode_file("pmode/pmode.schema.json").value(); }

namespace {

template <class Value, std::size_t N>
Value choose(strict_object& in, std::string_view key,
             std::array<std::pair<std::string_view, Value>, N> const& choices) {
  auto const word = in.text_or(key, choices.front().first);
  std::string known;
  for (auto const& [name, value] : choices) {
    if (name == word) return value;
    known += (known.empty() ? "" : ", ") + std::string{name};
  }
  in.complain("value", key, "\"" + word.substr(0, 60) + "\" is none of the values known here", "use one of: " + known);
  return choices.front().second;
}

constexpr std::array<std::pair<std::string_view, direction>, 3> directions{
    {{"both", direction::both}, {"send", direction::send}, {"receive", direction::receive}}};
constexpr std::array<std::pair<std::string_view, mep_binding>, 2> bindings{
    {{"push", mep_binding::push}, {"pull", mep_binding::pull}}};
constexpr std::array<std::pair<std::string_view, payload_encryption>, 2> encryptions{
    {{"required", payload_encryption::required}, {"none", payload_encryption::none}}};
constexpr std::array<std::pair<std::string_view, revocation_policy>, 2> revocation_policies{
    {{"hard", revocation_policy::hard}, {"soft", revocation_policy::soft}}};
constexpr std::array<std::pair<std::string_view, bool>, 2> update_acceptances{
    {{"operator", false}, {"authority", true}}};
constexpr std::array<std::pair<std::string_view, token_reference>, 5> signing_tokens{
    {{"binary_security_token", token_reference::binary_security_token},
     {"pki_path", token_reference::pki_path},
     {"subject_key_identifier", token_reference::subject_key_identifier},
     {"issuer_serial", token_reference::issuer_serial},
     {"thumbprint", token_reference::thumbprint}}};
constexpr std::array<std::pair<std::string_view, token_reference>, 5> encryption_tokens{
    {{"subject_key_identifier", token_reference::subject_key_identifier},
     {"binary_security_token", token_reference::binary_security_token},
     {"pki_path", token_reference::pki_path},
     {"issuer_serial", token_reference::issuer_serial},
     {"thumbprint", token_reference::thumbprint}}};

party_name read_party_name(strict_object in) {
  party_name name{in.text("id"), in.text_or("type", unregistered_party_type)};
  in.finish();
  return name;
}

void read_agreed(strict_object& in, pmode& into) {
  auto agreement = in.object("agreement");
  if (in.has("agreement")) {
    into.agreement = agreement.text("value");
    into.agreement_type = agreement.text_or("type", {});
  }
  agreement.finish();
  auto service = in.demanded_object("service");
  into.service = service.text("value");
  into.service_type = service.text_or("type", {});
  service.finish();
  into.actions = in.texts("actions");
  auto roles = in.object("roles");
  into.initiator_role =
      roles.has("initiator") ? roles.text("initiator") : roles.text_or("initiator", into.initiator_role);
  into.responder_role =
      roles.has("responder") ? roles.text("responder") : roles.text_or("responder", into.responder_role);
  roles.finish();
}

void read_security(strict_object in, pmode& into) {
  auto const id = in.text_or("profile", edelivery_1_15_rsa().id);
  auto const profile = find_security_profile(id);
  if (!profile) {
    in.complain("value", "profile", "the security profile \"" + id.substr(0, 60) + "\" is not known",
                "use one of: " + listed(security_profile_ids()));
  }
  into.security = profile.value_or(edelivery_1_15_rsa());
  into.security.encryption = choose(in, "encryption", encryptions);
  into.security.signing_token = choose(in, "signing_token", signing_tokens);
  into.security.encryption_token = choose(in, "encryption_token", encryption_tokens);
  in.finish();
}

std::optional<certificate> load(strict_object& in, std::string_view key, std::string const& path,
                                read_certificate_file const& read_file) {
  auto const bytes = read_file(path);
  auto read = bytes ? certificate::from_pem(*bytes) : result<certificate>{bytes.error()};
  if (!read && bytes) read = certificate::from_der(*bytes);
  if (read) return *std::move(read);
  auto const tried = bytes || bytes.error().where == path ? "" : ": there is no readable file " + bytes.error().where;
  in.complain(
      "certificate", key, "the certificate \"" + path + "\" cannot be read" + tried,
      "name a readable file that holds one certificate in PEM or DER form; its path starts at the folder of the "
      "P-Mode file");
  return std::nullopt;
}

std::vector<certificate> load_all(strict_object& in, std::string_view key, std::vector<std::string> const& paths,
                                  read_certificate_file const& read_file) {
  std::vector<certificate> loaded;
  for (auto const& path : paths) {
    if (path.empty()) continue;
    if (auto one = load(in, key, path, read_file)) loaded.push_back(*std::move(one));
  }
  return loaded;
}

// What the key may be used for must be what it is named for.
void check_usage(strict_object& in, std::string_view key, certificate const& cert, bool may, std::string_view wanted) {
  if (may) return;
  in.complain("certificate", key, "the key usage of " + cert.described() + " does not hold " + std::string{wanted},
              "name the partner's certificate for this use, or ask the partner for one");
}

// A certificate whose key the profile cannot use would only be found out by the first message.
void check_kind(strict_object& in, std::string_view key, certificate const& cert, key_kind wanted, pmode const& mode) {
  auto const needs =
      "the profile " + mode.security.id + " needs a key of kind " + std::string{name_of(wanted)} + " here";
  if (cert.key() != wanted)
    in.complain("certificate", key, needs + ", not " + cert.described(),
                "name the partner's certificate for this profile, or another profile");
  else if (!is_strong_enough(cert))
    in.complain("certificate", key, needs + " that it can use, not " + cert.key_text() + " of " + cert.described(),
                "ask the partner for RSA of 2048 bits or more, or a curve of the profile");
}

void read_revocation(strict_object in, std::vector<certificate> const& authorities, revocation_terms& into) {
  constexpr std::size_t most_lists = 16;
  into.policy = choose(in, "policy", revocation_policies);
  into.lists = in.texts("lists");
  if (into.lists.empty() || into.lists.size() > most_lists || std::ranges::find(into.lists, "") != into.lists.end())
    in.complain("value", "lists", "there are 1 to 16 lists, each with its place",
                "name the authority's complete revocation list, an http or https address or a file");
  if (authorities.empty())
    in.complain("missing", "lists", "a list is believed when one of the authorities signed it, and there are none",
                "name the authority that issues the partner's certificates under authorities");
  in.finish();
}

void read_issuing(strict_object& in, partner_trust& into) {
  into.policies = in.texts("certificate_policies");
  for (auto const& each : into.policies)
    if (!is_policy_oid(each))
      in.complain("value", "certificate_policies", "\"" + each.substr(0, 60) + "\" is no object identifier",
                  "write numbers with dots between, such as 1.3.6.1.4.1.99.1");
  auto revocation = in.object("revocation");
  if (in.has("revocation")) read_revocation(std::move(revocation), into.authorities, into.revocation);
}

// Whose records of a partner that is looked up are believed.
partner_trust read_publisher(strict_object& discovery, read_certificate_file const& read_file) {
  partner_trust who;
  who.authorities = load_all(discovery, "authorities", discovery.some_texts("authorities"), read_file);
  auto in = discovery.object("publisher");
  who.subject = in.text_or("subject", {});
  who.pinned = load_all(in, "certificates", in.texts("certificates"), read_file);
  for (auto const& each : who.pinned)
    check_usage(in, "certificates", each, each.may_sign(), "digitalSignature or nonRepudiation");
  read_issuing(in, who);
  in.finish();
  return who;
}

void read_certificates(strict_object in, pmode& into, read_certificate_file const& read_file) {
  into.trust.pinned = load_all(in, "partner_signing", in.some_texts("partner_signing"), read_file);
  into.trust.authorities = load_all(in, "authorities", in.some_texts("authorities"), read_file);
  into.trust.subject = in.text_or("subject", {});
  read_issuing(in, into.trust);
  into.partner_encryption = load_all(in, "partner_encryption", in.text_or_texts("partner_encryption"), read_file);
  for (auto const& each : into.trust.pinned) {
    check_kind(in, "partner_signing", each, into.security.signing_key, into);
    check_usage(in, "partner_signing", each, each.may_sign(), "digitalSignature or nonRepudiation");
  }
  for (auto const& each : into.partner_encryption) {
    check_kind(in, "partner_encryption", each, into.security.encryption_key, into);
    check_usage(in, "partner_encryption", each, each.may_encipher_keys(),
                each.key() == key_kind::rsa ? "keyEncipherment" : "keyAgreement");
  }
  into.accepts_updates_of_authority = choose(in, "updates_accepted_by", update_acceptances);
  if (into.accepts_updates_of_authority && into.trust.authorities.empty())
    in.complain("missing", "updates_accepted_by", "no authority could vouch for the partner's next certificate",
                "name the authority that issues the partner's certificates under authorities, or leave it to the "
                "operator");
  bool const named = in.has("partner_signing") || (in.has("authorities") && !into.trust.subject.empty());
  if (into.discovery) {
    check_discovered_trust(in, into);
  } else if (!named) {
    in.complain("missing", "partner_signing", "nothing says whose signatures to accept",
                "name the partner's certificates under partner_signing, or authorities together with subject");
  }
  if (!into.discovery && into.encrypts() && !in.has("partner_encryption")) {
    in.complain("missing", "partner_encryption", "there is no certificate to encrypt for",
                "name the partner's encryption certificate");
  }
  in.finish();
}

void read_limits(strict_object in, payload_limits& into) {
  constexpr std::size_t most_bytes = std::size_t{4} * 1024 * 1024 * 1024;
  into.parts = in.size_or("parts", into.parts, 1000);
  into.message_bytes = in.size_or("message_bytes", into.message_bytes, most_bytes);
  into.unpacked.bytes = in.size_or("part_bytes", into.unpacked.bytes, most_bytes);
  into.unpacked.ratio = in.size_or("ratio", into.unpacked.ratio, 2000);
  in.finish();
}

void read_retry(strict_object in, retry_policy& into) {
  constexpr std::size_t month = 31 * 24 * 3600;
  auto const seconds = [&](std::string_view key, std::chrono::seconds otherwise) {
    return std::chrono::seconds{in.size_or(key, static_cast<std::size_t>(otherwise.count()), month)};
  };
  into.max_attempts =
      static_cast<int>(in.size_or("max_attempts", static_cast<std::size_t>(into.max_attempts), 100'000));
  into.initial_delay = seconds("initial_delay_seconds", into.initial_delay);
  into.factor = in.number_or("factor", into.factor, 1.0, 10.0);
  into.max_delay = seconds("max_delay_seconds", into.max_delay);
  into.jitter = in.number_or("jitter", into.jitter, 0.0, 0.9);
  into.answer_timeout = seconds("answer_timeout_seconds", into.answer_timeout);
  in.finish();
}

void read_address(strict_object& in, pmode& into, spoken_by whose) {
  into.address = in.text_or("address", {});
  bool const http = into.address.starts_with("https://") || into.address.starts_with("http://");
  if (!into.address.empty() && !http) {
    in.complain("value", "address", "the address is neither https nor http", "write https://host[:port]/path");
  }
  bool const we_call =
      into.binding == mep_binding::pull ? into.way == direction::receive : into.way != direction::receive;
  if (!into.address.empty() && into.discovery) {
    in.complain("value", "address", "the address of the partner is looked up", "leave out address, or discovery");
  }
  if (into.address.empty() && we_call && !into.discovery && whose == spoken_by::this_node) {
    in.complain("missing", "address", "there is no address to send to",
                "add the partner's address, or set direction to receive");
  }
}

void read_corners(strict_object in, bool given, pmode& into) {
  if (given) into.four_corners = corner_names{in.text("ours"), in.text("theirs")};
  in.finish();
}

void read_payload_names(strict_object& in, pmode& into) {
  auto& names = into.payload_names;
  names = in.texts("payload_names");
  for (std::size_t n = 0; n < names.size(); ++n) {
    if (!is_safe_content_id(names[n]))
      in.complain("value", "payload_names",
                  "the name \"" + names[n].substr(0, 60) + "\" is no Content-ID that all peers read",
                  "write letters, digits and -._@ only, without \"cid:\"");
    else if (std::ranges::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(n), names[n]) !=
             names.begin() + static_cast<std::ptrdiff_t>(n))
      in.complain("value", "payload_names", "the name \"" + names[n] + "\" is given twice",
                  "name each part of a message once");
  }
}

std::vector<std::string> read_error_codes(strict_object& in, std::string_view key) {
  auto codes = in.texts(key);
  for (auto const& code : codes) {
    constexpr std::string_view form = "EBMS:";
    auto const digits = std::string_view(code).substr(std::min(code.size(), form.size()));
    bool const good = code.starts_with(form) && digits.size() == 4 &&
                      std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!good)
      in.complain("value", key, "\"" + code.substr(0, 60) + "\" is no code of an ebMS error", "write it as EBMS:0004");
  }
  return codes;
}

void read_error_meanings(strict_object in, error_meanings& into) {
  into.later = read_error_codes(in, "later");
  into.already_received = read_error_codes(in, "already_received");
  for (auto const& code : into.later) {
    if (std::ranges::find(into.already_received, code) == into.already_received.end()) continue;
    in.complain("value", "later", code + " cannot mean both \"later\" and \"already received\"", "name it once");
  }
  in.finish();
}

// A channel that is pulled from belongs to one receiver, so it cannot be the default one, nor be used both ways.
void read_binding(strict_object& in, pmode& into) {
  into.binding = choose(in, "binding", bindings);
  into.pull_interval = std::chrono::seconds{in.size_or("pull_interval_seconds", 60, 24 * 3600)};
  into.answers = in.text_or("answers", {});
  if (into.binding != mep_binding::pull) return;
  if (into.way == direction::both) {
    in.complain("value", "direction", "a P-Mode with binding pull has one direction",
                "write send where the partner fetches from us, receive where we fetch from the partner");
  }
  if (into.mpc.empty() || into.mpc == default_mpc) {
    in.complain("missing", "mpc", "what is pulled needs a channel of its own, not the default one",
                "agree on an mpc that only this receiver pulls from");
  }
}

pmode read_pmode(strict_object in, read_certificate_file const& read_file, spoken_by whose) {
  pmode mode;
  mode.id = in.text("id");
  mode.way = choose(in, "direction", directions);
  read_agreed(in, mode);
  mode.us = read_party_name(in.demanded_object("us"));
  mode.partner = read_party_name(in.demanded_object("partner"));
  mode.mpc = in.text_or("mpc", {});
  read_binding(in, mode);
  if (in.has("discovery"))
    read_discovery(in.object("discovery"), mode,
                   [&](strict_object& inside) { return read_publisher(inside, read_file); });
  else
    in.object("discovery").finish();
  read_address(in, mode, whose);
  read_security(in.object("security"), mode);
  if (whose == spoken_by::this_node || in.has("certificates"))
    read_certificates(in.demanded_object("certificates"), mode, read_file);
  else
    in.object("certificates").finish();
  mode.required_properties = in.texts("required_properties");
  read_corners(in.object("four_corners"), in.has("four_corners"), mode);
  read_payload_names(in, mode);
  mode.compress = in.boolean_or("compress", true);
  read_limits(in.object("limits"), mode.limits);
  read_retry(in.object("retry"), mode.retry);
  mode.duplicate_window = std::chrono::days{in.size_or("duplicate_window_days", 365, 3650)};
  mode.duplicate_error_acknowledges = in.boolean_or("duplicate_error_acknowledges", false);
  read_error_meanings(in.object("partner_errors"), mode.partner_errors);
  in.finish();
  return mode;
}

// The other leg of a Two-Way exchange: the same two partners, the other direction.
void check_answered(std::vector<pmode> const& modes, problems& found) {
  for (std::size_t at = 0; at < modes.size(); ++at) {
    auto const& mode = modes[at];
    if (mode.answers.empty()) continue;
    auto const leg = std::ranges::find(modes, mode.answers, &pmode::id);
    bool const there = leg != modes.end() && leg->us == mode.us && leg->partner == mode.partner;
    bool const opposite = there && mode.way != direction::both && leg->way != direction::both && leg->way != mode.way;
    if (opposite) continue;
    found.push_back({"edelivery.pmode.value",
                     there ? "both P-Modes of a two-way exchange need one direction each, one send and one receive"
                           : "no P-Mode of this file with the same partners has the id that answers names",
                     "/pmodes/" + std::to_string(at) + "/answers", "name the P-Mode of the request"});
  }
}

}  // namespace

std::expected<pmode_book, problems> read_pmodes(std::string_view json, read_certificate_file const& read_file,
                                                spoken_by whose) {
  auto const document = parse_bounded(json);
  if (!document) return std::unexpected{problems{document.error()}};
  problems found;
  strict_object file{*document, "", found};
  file.text_or("$schema", {});
  std::vector<pmode> modes;
  auto const list = file.objects("pmodes");
  for (std::size_t at = 0; at < list.size(); ++at) {
    auto const pointer = "/pmodes/" + std::to_string(at);
    auto mode = read_pmode({*list[at], pointer, found}, read_file, whose);
    if (std::ranges::find(modes, mode.id, &pmode::id) != modes.end()) {
      found.push_back(
          {"edelivery.pmode.duplicate", "two P-Modes have the same id", pointer + "/id", "give each its own id"});
    }
    modes.push_back(std::move(mode));
  }
  check_answered(modes, found);
  file.finish();
  if (!found.empty()) return std::unexpected{std::move(found)};
  return pmode_book{std::move(modes)};
}

}  // namespace ehds::edelivery
