#include "node/audit/log.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "node/audit/verify.hpp"
#include "node/store/fresh_folder.hpp"

using namespace ehds;
using namespace ehds::node;
using namespace ehds::node::audit;
using ehds::tests::fresh_folder;

namespace {

instant const start = parse_rfc3339("2026-11-22T12:00:00Z").value();

struct audited {
  fresh_folder folder;
  store::database db = store::database::open(folder / "s.sqlite", {.migrations = migrations()}).value();
  checkpoint_signer signer = signer_from_pem("FR", make_signing_key_pem()).value();

  void add(int count) {
    for (int n = 0; n < count; ++n) {
      auto const done = db.commit([&](store::transaction& tx) -> result<void> {
        append(tx, start, {"user:1", "permit.issue", "application:" + std::to_string(n), "done", {{"sha256", "ab"}}});
        return {};
      });
      REQUIRE(done);
    }
  }
  std::string sign() {
    std::string note;
    auto const done = db.commit([&](store::transaction& tx) -> result<void> {
      note = sign_checkpoint(tx, start, "ehds.example.fr/audit", signer);
      return {};
    });
    REQUIRE(done);
    return note;
  }
  void change(store::effect const& how) { REQUIRE(db.commit(how)); }
  verification check(std::optional<std::string> witnessed = std::nullopt) {
    return verify_store(db.path(), {{verifier_key(signer)}, std::move(witnessed)}).value();
  }
};

}  // namespace

TEST_CASE("a log that nobody touched is whole") {
  audited node;
  node.add(5);
  node.sign();
  node.add(2);
  node.sign();

  auto const seen = node.check();

  CHECK(seen.is_whole());
  CHECK(seen.entries == 7);
  CHECK(seen.checkpoints == 2);
  CHECK(seen.covered == 7);
}

TEST_CASE("the newest checkpoint is read without signing anything") {
  audited node;
  auto const newest = [&] { return node.db.read([](store::reading& now) { return newest_checkpoint(now); }); };
  node.add(1);
  CHECK(newest().empty());
  node.sign();
  node.add(9);
  auto const second = node.sign();
  node.add(1);
  CHECK(newest() == second);
  CHECK(node.check(newest()).is_whole());
  CHECK(node.db.read([](store::reading& now) { return checkpoints(now); }).size() == 2);
}

TEST_CASE("an entry is one line of JSON with its number, time and references") {
  audited node;
  node.add(1);

  auto const found = node.db.read([](store::reading& now) { return recent(now, 10); });

  REQUIRE(found.size() == 1);
  CHECK(found[0].leaf == R"({"seq":1,"time":"2026-11-22T12:00:00.000Z","actor":"user:1","action":"permit.issue",)"
                         R"("object":"application:0","outcome":"done","refs":{"sha256":"ab"}})");
}

TEST_CASE("recent entries can be paged and asked for one object") {
  audited node;
  node.add(5);

  auto const page = node.db.read([](store::reading& now) { return recent(now, 2, 4); });
  auto const one = node.db.read([](store::reading& now) { return recent(now, 9, 0, "application:3"); });

  REQUIRE(page.size() == 2);
  CHECK(page[0].seq == 3);
  CHECK(page[1].seq == 2);
  REQUIRE(one.size() == 1);
  CHECK(one[0].seq == 4);
}

TEST_CASE("an effect that is refused leaves no entry and no gap") {
  audited node;
  node.add(1);
  auto const refused = node.db.commit([&](store::transaction& tx) -> result<void> {
    append(tx, start, {"user:1", "permit.issue", "x", "done"});
    return problem{"no", "No.", "", ""};
  });
  node.add(1);

  CHECK_FALSE(refused);
  CHECK(node.check().is_whole());
  CHECK(node.check().entries == 2);
}

TEST_CASE("every change behind the log's back is found") {
  audited node;
  node.add(9);
  node.sign();
  node.add(3);
  REQUIRE(node.check().is_whole());

  SECTION("a changed entry") {
    node.change([](store::transaction& tx) -> result<void> {
      tx.run("UPDATE audit_entry SET leaf = replace(leaf, 'permit', 'p') WHERE seq = 4");
      return {};
    });
  }
  SECTION("a changed entry with its hash recomputed") {
    node.change([](store::transaction& tx) -> result<void> {
      std::string leaf = tx.first("SELECT leaf FROM audit_entry WHERE seq = 4")->text(0);
      leaf.replace(leaf.find("done"), 4, "gone");
      tx.run("UPDATE audit_entry SET leaf = ?, leaf_hash = ? WHERE seq = 4", leaf, store::blob{leaf_hash(leaf)});
      return {};
    });
  }
  SECTION("a removed entry") {
    node.change([](store::transaction& tx) -> result<void> {
      tx.run("DELETE FROM audit_entry WHERE seq = 4");
      return {};
    });
  }
  SECTION("removed last entries") {
    node.change([](store::transaction& tx) -> result<void> {
      tx.run("DELETE FROM audit_entry WHERE seq > 8");
      return {};
    });
  }
  SECTION("an inserted entry") {
    node.change([](store::transaction& tx) -> result<void> {
      tx.run("INSERT INTO audit_entry SELECT 13, time, object, leaf, leaf_hash FROM audit_entry WHERE seq = 1");
      return {};
    });
  }
  SECTION("two entries that changed places") {
    node.change([](store::transaction& tx) -> result<void> {
      tx.run("UPDATE audit_entry SET seq = -seq WHERE seq IN (4, 5)");
      tx.run("UPDATE audit_entry SET seq = 9 + seq WHERE seq < 0");
      return {};
    });
  }
  SECTION("another signature") {
    node.change([](store::transaction& tx) -> result<void> {
      tx.run("UPDATE audit_checkpoint SET note = replace(note, 'example.fr', 'example.fi')");
      return {};
    });
  }

  CHECK_FALSE(node.check().is_whole());
}

TEST_CASE("a log rewritten as a whole is found with a checkpoint that somebody else kept") {
  audited node;
  node.add(4);
  auto const kept = node.sign();
  node.change([](store::transaction& tx) -> result<void> {
    tx.run("DELETE FROM audit_entry");
    tx.run("DELETE FROM audit_frontier");
    tx.run("DELETE FROM audit_checkpoint");
    tx.run("DELETE FROM store_counter");
    for (int n = 0; n < 4; ++n) append(tx, start, {"user:2", "x", "y", "done"});
    return {};
  });
  CHECK(node.check().is_whole());
  CHECK_FALSE(node.check(kept).is_whole());
}

TEST_CASE("a checkpoint of another key is not trusted") {
  audited node;
  node.add(1);
  node.sign();
  auto const other = signer_from_pem("FR", make_signing_key_pem()).value();

  auto const seen = verify_store(node.db.path(), {{verifier_key(other)}}).value();

  REQUIRE(seen.found.size() == 1);
  CHECK(seen.found[0].code == "audit.signature");
}

TEST_CASE("a checkpoint is a C2SP signed note, made once for a state") {
  audited node;
  CHECK(node.sign().empty());
  node.add(3);
  auto const note = node.sign();

  CHECK(node.sign() == note);
  CHECK(note.starts_with("ehds.example.fr/audit\n3\n"));
  CHECK(note.find("\n\n\u2014 FR ") != note.npos);
  auto const opened = open_note(note, verifier_key(node.signer)).value();
  CHECK(opened.size == 3);
  CHECK(opened == node.db.read([](store::reading& now) { return current_state(now, "ehds.example.fr/audit"); }));
}

TEST_CASE("proofs from the store hold against signed states") {
  audited node;
  node.add(5);
  auto const old = open_note(node.sign(), verifier_key(node.signer)).value();
  node.add(6);
  auto const state = open_note(node.sign(), verifier_key(node.signer)).value();

  node.db.read([&](store::reading& now) {
    auto const leaf = recent(now, 1, 4).at(0).leaf;  // entry 3
    CHECK(is_included(leaf_hash(leaf), 2, state.size, prove_inclusion(now, 3, state.size).value(), state.root));
    CHECK(is_consistent(old.size, old.root, state.size, state.root,
                        prove_consistency(now, old.size, state.size).value()));
    CHECK(prove_inclusion(now, 12, 11).error().code == "audit.range");
    CHECK(prove_consistency(now, 0, 11).error().code == "audit.range");
  });
}

TEST_CASE("an exported log verifies by itself and shows a change") {
  audited node;
  node.add(4);
  node.sign();
  auto const file = node.folder / "log.jsonl";
  {
    std::ofstream out(file);
    node.db.read([&](store::reading& now) { export_log(now, out); });
  }
  verification_terms const terms{{verifier_key(node.signer)}};

  CHECK(verify_export(file, terms).value().is_whole());
  CHECK(verify_export(file, terms).value().covered == 4);
  std::string text;
  std::getline(std::ifstream(file), text, '\0');
  text.replace(text.find("done"), 4, "gone");
  std::ofstream(file) << text;
  CHECK_FALSE(verify_export(file, terms).value().is_whole());
  CHECK(verify_export(node.folder / "none", terms).error().code == "audit.unreadable");
}

TEST_CASE("keys and notes that are none are refused in words") {
  audited node;
  auto const key = verifier_key(node.signer);

  CHECK(signer_from_pem("FR", "none").error().code == "audit.key");
  CHECK(signer_from_pem("F R", make_signing_key_pem()).error().code == "audit.key");
  CHECK(open_note("x", key).error().code == "audit.note");
  CHECK(open_note("x\ny\nz\n\n", key).error().code == "audit.note");
  CHECK(open_note("a\n1\nAA==\n\nb\n", key).error().code == "audit.note");
  CHECK(open_note("a\n1\n\n", "FR+00000000+AA==").error().code == "audit.key");
  CHECK(open_note("a\n1\n\n", "FR").error().code == "audit.key");
  auto wrong_id = key;
  wrong_id[3] = wrong_id[3] == '0' ? '1' : '0';
  CHECK(open_note("a\n1\n\n", wrong_id).error().code == "audit.key");
}
