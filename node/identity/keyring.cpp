#include "node/identity/keyring.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/files.hpp"
#include "edelivery/security/certificate.hpp"
#include "edelivery/security/issue.hpp"
#include "node/identity/jws.hpp"
#include "node/identity/private_file.hpp"

namespace ehds::node::identity {

namespace {

using std::filesystem::path;

// Certificates begin a day early, so that nodes whose clocks differ accept each other.
constexpr std::chrono::days head_start{1};
constexpr std::chrono::days authority_lifetime{3650};

bool complete(path const& certificate, path const& key) { return may_exist(certificate) && may_exist(key); }

result<void> write_pair(edelivery::credentials const& made, path const& certificate, path const& key) {
  if (auto const done = write_private_file(key, made.key.pem()); !done) return done;
  return write_private_file(certificate, made.cert.pem());
}

edelivery::certificate_request asked(node_names const& names, std::string const& what, edelivery::certificate_use use,
                                     instant now) {
  edelivery::certificate_request request;
  request.common_name = names.node_id + " " + what;
  request.country = names.country;
  request.use = use;
  request.not_before = now - head_start;
  if (use == edelivery::certificate_use::tls_node && !names.hosts.empty()) {
    request.host = names.hosts.front();
    request.more_hosts.assign(names.hosts.begin() + 1, names.hosts.end());
  }
  return request;
}

// Makes what is missing; half a pair is made anew, because a key without its certificate is of no use.
result<void> issue_missing(edelivery::certificate_request const& request, edelivery::credentials const& authority,
                           path const& certificate, path const& key) {
  if (complete(certificate, key)) return {};
  auto const made = edelivery::issue_certificate(request, &authority);
  if (!made) return made.error();
  return write_pair(*made, certificate, key);
}

result<void> make_signing_key(path const& file) {
  if (may_exist(file)) return {};
  auto const key = signing_key::make();
  if (auto const done = write_private_file(file, key.pem()); !done) return done;
  auto published = file;
  return write_private_file(published.replace_extension(".jwks"), to_jwks({key.public_half()}));
}

// The two pairs of a 2.0 profile: its keys either sign or agree, never both.
result<void> issue_for_profile(edelivery::credentials const& authority, profile_files const& files,
                               node_names const& names, instant now) {
  auto const profile = edelivery::find_security_profile(files.profile);
  if (!profile) return problem{"identity.key", "The security profile is not known.", files.profile, ""};
  auto sign = asked(names, "sign " + files.profile, edelivery::certificate_use::signing, now);
  auto encrypt = asked(names, "encrypt " + files.profile, edelivery::certificate_use::encryption, now);
  sign.key = profile->signing_key;
  encrypt.key = profile->encryption_key;
  return issue_missing(sign, authority, files.sign_certificate, files.sign_key).and_then([&] {
    return issue_missing(encrypt, authority, files.encrypt_certificate, files.encrypt_key);
  });
}

// All of it before anything is made.
result<void> check_names(node_names const& names, key_files const& files) {
  auto const refuse = [](std::string detail, std::string where, std::string mend) -> result<void> {
    return problem{"identity.key", std::move(detail), std::move(where), std::move(mend)};
  };
  if (names.hosts.empty())
    return refuse("A node needs at least one host name or address for HTTPS.", "hosts", "Name one.");
  constexpr std::size_t most = 32;  // with what is added to it, a common name (RFC 5280: 64)
  if (names.node_id.empty() || names.node_id.size() > most)
    return refuse("The id of the node has 1 to " + std::to_string(most) + " characters.", names.node_id.substr(0, 64),
                  "Name it as the configuration does: FI.");
  auto const is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (names.country.size() != 2 || !std::ranges::all_of(names.country, is_capital))
    return refuse("A country is two capital letters.", names.country.substr(0, 64), "Write its code: SE for Sweden.");
  for (auto const& wanted : names.profiles) {
    auto const found = std::ranges::find(files.further, wanted, &profile_files::profile);
    if (wanted != edelivery::edelivery_1_15_rsa().id && found == files.further.end())
      return refuse("There are no keys of their own for this profile.", wanted.substr(0, 64),
                    "Name edelivery-2.0-eddsa or edelivery-2.0-ecdsa.");
  }
  return {};
}

result<void> issue_further(edelivery::credentials const& authority, key_files const& files, node_names const& names,
                           instant now) {
  for (auto const& wanted : names.profiles) {
    if (wanted == edelivery::edelivery_1_15_rsa().id) continue;  // always made
    auto const found = std::ranges::find(files.further, wanted, &profile_files::profile);
    if (auto const done = issue_for_profile(authority, *found, names, now); !done) return done;
  }
  return {};
}

result<void> issue_all(edelivery::credentials const& authority, key_files const& files, node_names const& names,
                       instant now) {
  using use = edelivery::certificate_use;
  auto const sign = asked(names, "sign", use::signing, now);
  auto const encrypt = asked(names, "encrypt", use::encryption, now);
  auto const tls = asked(names, "tls", use::tls_node, now);
  if (auto const done = issue_missing(sign, authority, files.sign_certificate, files.sign_key); !done) return done;
  if (auto const done = issue_missing(encrypt, authority, files.encrypt_certificate, files.encrypt_key); !done)
    return done;
  if (auto const done = issue_missing(tls, authority, files.tls_certificate, files.tls_key); !done) return done;
  if (may_exist(files.ca)) return {};
  return write_private_file(files.ca, authority.cert.pem());
}

result<key_line> described(path const& file) {
  if (file.extension() == ".pem") {
    auto const certificate = edelivery::certificate::load(file);
    if (!certificate) return certificate.error();
    return key_line{file.filename(), certificate->subject(), certificate->fingerprint(), certificate->not_after()};
  }
  auto const text = read_small_file(file);
  if (!text) return text.error();
  auto const keys = parse_jwks(*text);
  if (!keys || keys->empty()) return problem{"identity.key", "This is no key set.", file.string(), ""};
  return key_line{file.filename(), "Ed25519 " + keys->front().id(), sha256_hex(keys->front().raw()), std::nullopt};
}

}  // namespace

key_files key_files_in(path const& folder) {
  auto const of_profile = [&](std::string const& profile, std::string const& word) {
    return profile_files{profile, folder / ("sign-" + word + ".pem"), folder / ("sign-" + word + ".key"),
                         folder / ("encrypt-" + word + ".pem"), folder / ("encrypt-" + word + ".key")};
  };
  return {.folder = folder,
          .ca = folder / "ca.pem",
          .sign_certificate = folder / "sign.pem",
          .sign_key = folder / "sign.key",
          .encrypt_certificate = folder / "encrypt.pem",
          .encrypt_key = folder / "encrypt.key",
          .further = {of_profile("edelivery-2.0-eddsa", "eddsa"), of_profile("edelivery-2.0-ecdsa", "ecdsa")},
          .tls_certificate = folder / "tls.pem",
          .tls_key = folder / "tls.key",
          .authority_key = folder / "authority.key",
          .audit_key = folder / "audit.key"};
}

result<void> init_authority(path const& ca_folder, instant now) {
  auto const certificate = ca_folder / "ca.pem";
  auto const key = ca_folder / "ca.key";
  if (complete(certificate, key)) return {};
  if (auto const there = make_private_folder(ca_folder); !there) return there;
  edelivery::certificate_request request;
  request.common_name = "Demo authority";
  request.use = edelivery::certificate_use::authority;
  request.not_before = now - head_start;
  request.lifetime = authority_lifetime;
  auto const made = edelivery::issue_certificate(request);
  if (!made) return made.error();
  return write_pair(*made, certificate, key);
}

result<key_files> issue_keys(path const& ca_folder, path const& node_folder, node_names const& names, instant now) {
  auto const files = key_files_in(node_folder);
  if (auto const good = check_names(names, files); !good) return good.error();
  auto const authority = edelivery::load_credentials(ca_folder / "ca.pem", ca_folder / "ca.key");
  if (!authority) return authority.error();
  if (auto const there = make_private_folder(node_folder); !there) return there.error();
  if (auto const issued = issue_all(*authority, files, names, now); !issued) return issued.error();
  if (auto const issued = issue_further(*authority, files, names, now); !issued) return issued.error();
  if (auto const made = make_signing_keys(node_folder); !made) return made.error();
  return files;
}

result<void> make_signing_keys(path const& node_folder) {
  if (auto const there = make_private_folder(node_folder); !there) return there;
  auto const files = key_files_in(node_folder);
  if (auto const done = make_signing_key(files.authority_key); !done) return done;
  return make_signing_key(files.audit_key);
}

result<std::vector<key_line>> show_keys(path const& folder) {
  std::error_code fault;
  std::vector<path> files;
  for (auto const& entry : std::filesystem::directory_iterator(folder, fault)) {
    if (entry.path().extension() == ".pem" || entry.path().extension() == ".jwks") files.push_back(entry.path());
  }
  if (fault) return problem{"identity.key", "The folder of keys cannot be read.", folder.string(), "Check the path."};
  std::ranges::sort(files);
  std::vector<key_line> lines;
  for (auto const& file : files) {
    auto line = described(file);
    if (!line) return line.error();
    lines.push_back(*std::move(line));
  }
  return lines;
}

}  // namespace ehds::node::identity
