// An exported log, spoiled one byte at a time; and notes that carry more than they must.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/bytes.hpp"
#include "node/audit/log.hpp"
#include "node/audit/verify.hpp"
#include "node/store/fresh_folder.hpp"

using namespace ehds;
using namespace ehds::node;
using namespace ehds::node::audit;
using ehds::tests::fresh_folder;

namespace {

instant const beginning = parse_rfc3339("2026-11-22T12:00:00Z").value();

// Five entries, signed after the third and after the fifth.
struct exported_log {
  fresh_folder folder;
  checkpoint_signer signer = signer_from_pem("FR", make_signing_key_pem()).value();
  std::string text;
  std::string last_note;

  exported_log() {
    auto db = store::database::open(folder / "s.sqlite", {.migrations = migrations()}).value();
    auto const done = db.commit([&](store::transaction& tx) -> result<void> {
      for (int n = 0; n < 5; ++n) {
        append(tx, beginning,
               {"user:1", "permit.issue", "application:" + std::to_string(n), "done", {{"sha256", "ab"}}});
        if (n == 2) sign_checkpoint(tx, beginning, "FR/audit", signer);
      }
      last_note = sign_checkpoint(tx, beginning, "FR/audit", signer);
      return {};
    });
    REQUIRE(done);
    std::ostringstream out;
    db.read([&](store::reading& now) { export_log(now, out); });
    text = out.str();
  }

  // Codes of what is found in such a file.
  std::string found_in(std::string const& changed) const {
    auto const file = folder / "log.jsonl";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << changed;
    auto const seen = verify_export(file, {{verifier_key(signer)}});
    if (!seen) return seen.error().code;
    std::string codes;
    for (auto const& one : seen->found) codes += one.code + " ";
    return codes;
  }
};

// The places of an export where this change goes unseen.
template <class Change>
std::vector<std::size_t> unseen(exported_log const& log, std::size_t end, Change const& change) {
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < end; ++at) {
    auto changed = log.text;
    change(changed, at);
    if (changed != log.text && log.found_in(changed).empty()) places.push_back(at);
  }
  return places;
}

using places = std::vector<std::size_t>;

}  // namespace

TEST_CASE("an export that nobody touched is whole and covered to its end") {
  exported_log const log;

  CHECK(log.found_in(log.text).empty());
}

TEST_CASE("every changed byte of an export is found, whichever it is and whatever it becomes") {
  exported_log const log;
  auto const mask = GENERATE(0x01, 0x20);

  CHECK(unseen(log, log.text.size(),
               [&](std::string& text, std::size_t at) { text[at] = static_cast<char>(text[at] ^ mask); }) == places{});
}

TEST_CASE("every byte that becomes a line break is found: lines cannot be cut") {
  exported_log const log;

  CHECK(unseen(log, log.text.size(), [](std::string& text, std::size_t at) { text[at] = '\n'; }) == places{});
}

TEST_CASE("every removed byte is found, but for the last line break, which says nothing") {
  exported_log const log;

  CHECK(unseen(log, log.text.size() - 1, [](std::string& text, std::size_t at) { text.erase(at, 1); }) == places{});
}

TEST_CASE("an entry that is removed, doubled or moved is found, whichever it is") {
  exported_log const log;
  std::vector<std::string> lines;
  std::istringstream in(log.text);
  for (std::string line; std::getline(in, line);) lines.push_back(line + "\n");
  REQUIRE(lines.size() == 7);
  auto const joined = [](std::vector<std::string> const& parts) {
    std::string text;
    for (auto const& part : parts) text += part;
    return text;
  };

  for (std::ptrdiff_t at = 0; at < 5; ++at) {
    CAPTURE(at);
    auto removed = lines;
    removed.erase(removed.begin() + at);
    CHECK_FALSE(log.found_in(joined(removed)).empty());
    auto doubled = lines;
    doubled.insert(doubled.begin() + at, lines[static_cast<std::size_t>(at)]);
    CHECK_FALSE(log.found_in(joined(doubled)).empty());
    if (at == 0) continue;
    auto moved = lines;
    std::swap(moved[static_cast<std::size_t>(at)], moved[static_cast<std::size_t>(at - 1)]);
    CHECK_FALSE(log.found_in(joined(moved)).empty());
  }
}

TEST_CASE("an export cut off at any place is found by the checkpoint that somebody kept") {
  exported_log const log;
  auto const file = log.folder / "cut.jsonl";
  verification_terms const terms{{verifier_key(log.signer)}, log.last_note};
  auto const end_of_entries = log.text.find("{\"checkpoint\"");

  for (std::size_t size = 0; size < end_of_entries - 1; size += 3) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << log.text.substr(0, size);
    CAPTURE(size);
    CHECK_FALSE(verify_export(file, terms).value().is_whole());
  }
}

TEST_CASE("without a key to trust no checkpoint counts, and that is said") {
  exported_log const log;
  auto const file = log.folder / "log.jsonl";
  std::ofstream(file) << log.text;

  auto const seen = verify_export(file, {}).value();

  CHECK(seen.checkpoints == 0);
  CHECK(seen.entries == 5);
  REQUIRE(seen.found.size() == 2);
  CHECK(seen.found[0].code == "audit.key");
}

TEST_CASE("one of several trusted keys is enough, as after a change of keys") {
  exported_log const log;
  auto const file = log.folder / "log.jsonl";
  std::ofstream(file) << log.text;
  auto const other = signer_from_pem("FR", make_signing_key_pem()).value();

  CHECK(verify_export(file, {{verifier_key(other), verifier_key(log.signer)}}).value().checkpoints == 2);
}

TEST_CASE("a note may carry the signatures of witnesses beside ours, in any order") {
  exported_log const log;
  auto const witness = signer_from_pem("witness.example", make_signing_key_pem()).value();
  checkpoint const state = open_note(log.last_note, verifier_key(log.signer)).value();
  auto const theirs = signed_note(state, witness);
  auto const their_line = theirs.substr(theirs.find("\n\n") + 2);

  auto const after = log.last_note + their_line;
  auto before = log.last_note;
  before.insert(before.find("\n\n") + 2, their_line);

  for (auto const& note : {after, before}) {
    CHECK(open_note(note, verifier_key(log.signer)).value() == state);
    CHECK(open_note(note, verifier_key(witness)).value() == state);
  }
}

TEST_CASE("a signature counts for its own name and key only") {
  exported_log const log;
  auto const note = log.last_note;
  auto const gap = note.find("\n\n") + 2;
  auto const with_name = [&](std::string const& name) {
    auto changed = note;
    changed.replace(changed.find("FR ", gap), 3, name + " ");
    return open_note(changed, verifier_key(log.signer)).error().code;
  };

  CHECK(with_name("FI") == "audit.signature");
  CHECK(with_name("F") == "audit.signature");
  CHECK(with_name("FR.example") == "audit.signature");
  auto text_changed = note;
  text_changed.replace(note.find("\n5\n"), 3, "\n4\n");
  CHECK(open_note(text_changed, verifier_key(log.signer)).error().code == "audit.signature");
}

TEST_CASE("a checkpoint has one spelling of its size and of its root") {
  exported_log const log;
  auto const state = open_note(log.last_note, verifier_key(log.signer)).value();
  auto const code = [&](std::string const& text) {
    auto const note = text + "\n\u2014 FR " + to_base64(std::string(4, '\0') + log.signer.sign(text)) + "\n";
    return open_note(note, verifier_key(log.signer)).error().code;
  };
  auto const root = to_base64(state.root);

  CHECK(code("FR/audit\n-5\n" + root + "\n") == "audit.note");
  CHECK(code("FR/audit\n+5\n" + root + "\n") == "audit.note");
  CHECK(code("FR/audit\n5 \n" + root + "\n") == "audit.note");
  CHECK(code("FR/audit\n05\n" + root + "\n") == "audit.note");
  CHECK(code("FR/audit\n18446744073709551616\n" + root + "\n") == "audit.note");
  CHECK(code("FR/audit\n5\n" + root.substr(4) + "\n") == "audit.note");
  CHECK(code("FR/audit\n5\n " + root + "\n") == "audit.note");
  CHECK(code("\n5\n" + root + "\n") == "audit.note");
}
