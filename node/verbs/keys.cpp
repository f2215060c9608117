// ehds-node keys: make the demo authority, a node's keys and certificates, and look at what is there.
#include <filesystem>
#include <iostream>
#include <map>
#include <sstream>

#include "base/clock.hpp"
#include "edelivery/security/device_key.hpp"
#include "node/identity/joining.hpp"
#include "node/identity/keyring.hpp"
#include "node/verbs/arguments.hpp"
#include "node/verbs/verbs.hpp"

namespace ehds::node::verbs {
namespace {

std::string const keys_usage =
    std::string(
        "usage: ehds-node keys init-ca FOLDER\n"
        "       ehds-node keys issue FOLDER --ca FOLDER --node ID --country XX --hosts 127.0.0.2,localhost\n"
        "                            [--profiles edelivery-2.0-eddsa,edelivery-2.0-ecdsa]\n"
        "       ehds-node keys show FOLDER\n"
        "       ehds-node keys request FOLDER --for sign|encrypt|tls --subject CN=...,O=...,C=.. [--key "
        "rsa|p-256|ed25519]\n"
        "                              [--hosts LIST]\n"
        "       ehds-node keys request FOLDER --for NAME --subject .. --device MODULE --pin-file FILE --key pkcs11:..\n"
        "       ehds-node keys import FOLDER --for NAME --certificate FILE [--device MODULE --pin-file FILE]\n"
        "       ehds-node keys roll FOLDER --for NAME [--device MODULE --pin-file FILE]\n") +
    "       " + keys_announce_form;  // its own file says how to announce

std::vector<std::string> split(std::string const& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

namespace fs = std::filesystem;
using files_and_times = std::map<std::string, fs::file_time_type>;

files_and_times key_files_of(fs::path const& folder) {
  files_and_times files;
  std::error_code fault;
  for (fs::directory_iterator each(folder, fault), end; !fault && each != end; each.increment(fault)) {
    auto const kind = each->path().extension();
    if (kind != ".pem" && kind != ".key" && kind != ".jwks") continue;
    std::error_code dangling;
    files[each->path().filename()] = each->last_write_time(dangling);
  }
  return files;
}

// Half a pair is made anew: a file that was there may be another now.
std::string made_and_kept(fs::path const& folder, files_and_times const& before) {
  std::string made;
  std::string kept;
  for (auto const& [file, time] : key_files_of(folder)) {
    auto const was = before.find(file);
    auto& list = was != before.end() && was->second == time ? kept : made;
    list += (list.empty() ? "" : ", ") + file;
  }
  return "made: " + (made.empty() ? "nothing" : made) +
         "; kept, since it was there: " + (kept.empty() ? "nothing" : kept) + "\n";
}

int init_authority(arguments const& given) {
  auto const& folder = given.words()[1];
  auto const before = key_files_of(folder);
  auto const made = identity::init_authority(folder, system_clock{}.now());
  if (!made) return complain(to_text(made.error()), 1);
  std::cout << "the authority is in " << folder << "; " << made_and_kept(folder, before);
  return 0;
}

int issue(arguments const& given) {
  if (!given.has("--ca") || !given.has("--node") || !given.has("--country")) return complain(keys_usage, 2);
  identity::node_names const names{given.value("--node"), given.value("--country"), split(given.value("--hosts")),
                                   split(given.value("--profiles"))};
  auto const before = key_files_of(given.words()[1]);
  auto const made = identity::issue_keys(given.value("--ca"), given.words()[1], names, system_clock{}.now());
  if (!made) return complain(to_text(made.error()), 1);
  std::cout << "keys and certificates of " << names.node_id << " are in " << given.words()[1] << "; "
            << made_and_kept(given.words()[1], before);
  return 0;
}

int show(arguments const& given) {
  auto const lines = identity::show_keys(given.words()[1]);
  if (!lines) return complain(to_text(lines.error()), 1);
  std::cout << "file  subject  sha256 fingerprint  expires\n";
  for (auto const& line : *lines)
    std::cout << line.file << "  " << line.subject << "  " << line.fingerprint << "  "
              << (line.expires ? to_rfc3339(*line.expires) : "-") << '\n';
  return 0;
}

// The PIN comes from a file: the words of a command are seen by everybody.
result<void> open_device(arguments const& given) {
  if (!given.has("--device")) return {};
  std::string pin;
  if (given.has("--pin-file")) {
    auto read = read_input(given.value("--pin-file"));
    if (!read) return std::move(read).error();
    pin = *std::move(read);
  }
  pin.erase(pin.find_last_not_of(" \t\r\n") + 1);
  return edelivery::open_key_device({given.value("--device"), pin});
}

// Said, and no failure: the first certificate of a real authority has another subject than the rehearsal's.
void warn_of_subject(arguments const& given, std::string const& next) {
  if (auto const other = identity::find_other_subject(given.words()[1], given.value("--for"), next))
    complain("warning: " + to_text(*other), 0);
}

int request(arguments const& given) {
  if (!given.has("--for") || !given.has("--subject")) return complain(keys_usage, 2);
  edelivery::asked_certificate asked;
  asked.subject = given.value("--subject");
  asked.hosts = split(given.value("--hosts"));
  auto const kind = given.value("--key", "rsa");
  if (kind == "p-256")
    asked.key = edelivery::key_kind::elliptic_curve;
  else if (kind == "ed25519")
    asked.key = edelivery::key_kind::ed25519;
  else if (edelivery::is_device_uri(kind))
    asked.device_key = kind;
  else if (kind != "rsa")
    return complain("--key is rsa, p-256, ed25519 or a pkcs11 URI", 2);
  auto const made = identity::request_key(given.words()[1], given.value("--for"), std::move(asked));
  if (!made) return complain(to_text(made.error()), 1);
  std::cout << *made;
  warn_of_subject(given, given.value("--subject"));
  return 0;
}

bool is_for(edelivery::certificate_use use, std::string const& name) {
  auto const found = identity::use_of(name);
  return found && *found == use;
}

// Who answered what is in the store of the node, not in its folder of keys.
constexpr char const* where_answers_are = "the page /certificates of the running node, or GET /api/certificate-updates";

// What was written where, and the way from there to a key in use.
std::string after_import(std::string const& folder, std::string const& name) {
  auto text = "the certificate is in " + folder + "/" + name + ".next.pem, beside its key " + name + ".next.key\n";
  auto const roll = "keys roll " + folder + " --for " + name;
  if (is_for(edelivery::certificate_use::tls_node, name))
    return text + "next: " + roll + ", then start the node again\n";
  return text +
         "next: start the node again, give partners the certificate (keys announce, or the file), and when each has "
         "accepted it (" +
         where_answers_are + "): " + roll + "\n";
}

std::string after_roll(std::string const& name) {
  auto text = "rolled; start the node again to use the new key. The pair before is " + name + ".old.key and " + name +
              ".old.pem\n";
  if (is_for(edelivery::certificate_use::tls_node, name)) return text;
  bool const signs = is_for(edelivery::certificate_use::signing, name);
  return text +
         "every partner must have accepted the certificate before that start, which this folder cannot tell: see " +
         where_answers_are + ". Who refused it or has not answered " +
         (signs ? "refuses our messages from then on" : "goes on with the one before, which opens until it ends") +
         "\n";
}

// What is wrong with the bytes is wrong with the file that was given.
problem of_answer(problem found, std::string const& file) {
  if (found.code == "identity.certificate" || found.code.starts_with("edelivery.certificate."))
    found.where = found.where.empty() ? file : file + ": " + found.where;
  return found;
}

int import_certificate(arguments const& given) {
  if (!given.has("--for") || !given.has("--certificate")) return complain(keys_usage, 2);
  std::string bytes;
  if (!slurp(given.value("--certificate"), bytes)) return 2;
  auto const& folder = given.words()[1];
  auto const name = given.value("--for");
  auto const done = identity::import_certificate(folder, name, bytes, system_clock{}.now());
  if (!done) return complain(to_text(of_answer(done.error(), given.value("--certificate"))), 1);
  if (auto const coming = identity::find_coming(folder, name)) warn_of_subject(given, coming->next.front().subject());
  std::cout << after_import(folder, name);
  return 0;
}

int roll(arguments const& given) {
  if (!given.has("--for")) return complain(keys_usage, 2);
  auto const done = identity::roll_key(given.words()[1], given.value("--for"), system_clock{}.now());
  if (!done) return complain(to_text(done.error()), 1);
  std::cout << after_roll(given.value("--for"));
  return 0;
}

}  // namespace

int keys(words const& given) {
  if (!given.empty() && given.front() == "announce") return keys_announce(given);
  auto const read = arguments::read(given, {{"--ca", "--node", "--country", "--hosts", "--profiles", "--for",
                                             "--subject", "--key", "--certificate", "--device", "--pin-file"},
                                            {},
                                            2,
                                            2});
  if (!read) return complain(keys_usage, 2);
  if (auto const opened = open_device(*read); !opened) return complain(to_text(opened.error()), 1);
  auto const& what = read->words()[0];
  if (what == "issue") return issue(*read);
  if (what == "show") return show(*read);
  if (what == "request") return request(*read);
  if (what == "import") return import_certificate(*read);
  if (what == "roll") return roll(*read);
  if (what != "init-ca") return complain(keys_usage, 2);
  return init_authority(*read);
}

}  // namespace ehds::node::verbs
