#pragma once
// The node's dataset records: read in any RDF syntax and any older release, upgraded, checked, kept version by version.
// One change log feeds the search index, the harvest feed and the messages to the EU. Of a national node: its own
// records, published to the centre when asked and kept in step from then on. Of the centre: everybody's, each under the
// nation that sent it, which the message's certificate says and nothing else.
//
// A record's id is its dct:identifier. Nobody hands these out across Europe, so at the centre a received record keeps
// its identifier as id only when that begins with the sender's own nation ("FR-SNDS" from FR); any other becomes
// "<nation>:<identifier>". Nobody can take the place of another nation's record by being first.
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "dcat/catalogue/record.hpp"
#include "dcat/catalogue/variables.hpp"
#include "dcat/rdf/syntax.hpp"
#include "dcat/validate/validate.hpp"
#include "node/store/database.hpp"

namespace ehds::node::catalogue {

struct book_settings {
  std::string nation;         // whose records are ours
  std::string centre = "EU";  // where they are published
};

// A dataset message under way to the centre, given to the outbox inside the effect. Returns its message id.
struct dataset_message {
  std::string action;      // createDataset, updateDataset, deleteDataset
  std::string identifier;  // business subject
  std::string content;     // {"operation", "identifier", "payload"}
};
using post_dataset = std::function<result<std::string>(store::transaction&, dataset_message const&)>;
using record_audit =
    std::function<void(store::transaction&, std::string_view actor, std::string_view action, std::string_view object)>;

struct publication {
  std::string state;  // "", sent, accepted, refused, failed (given up: an operator may send it again)
  std::string message_id;
  std::int64_t version = 0;  // of the record, as last sent
  problems found;            // what the centre had against it, or why it did not arrive
};

struct kept_record {
  std::string id;  // dct:identifier; at the centre see id_at_centre()
  std::string nation;
  std::string access_point;  // of the sender, at the centre
  std::string message_id;    // that brought this version, at the centre
  std::int64_t version = 0;
  std::string hash;
  instant changed_at;
  bool deleted = false;
  dcat::dataset_record record;
  publication published;
};

struct put_outcome {
  std::string id;
  std::int64_t version = 0;
  enum class kind { created, updated, unchanged } what = kind::created;
  dcat::validation_report report;
};

struct change {
  std::int64_t seq = 0;
  std::string id;
  std::int64_t version = 0;
  std::string what;  // created, updated, deleted
  instant at;
};

struct incoming_dataset {
  std::string action;
  std::string nation;
  std::string access_point;
  std::string message_id;
  std::string content;
};

// "FR-SNDS" of FR stays "FR-SNDS"; "FR-SNDS" of FI is "FI:FR-SNDS".
std::string id_at_centre(std::string_view nation, std::string_view identifier);

class record_book {
 public:
  static std::vector<store::migration> migrations();
  // All references outlive the book.
  record_book(store::database& db, clock const& wall, dcat::release_pack const& pack, dcat::validator const& rules,
              book_settings settings, post_dataset post, record_audit record);

  // Nothing is stored when the record does not conform: all findings come back, each with path and mend.
  std::expected<put_outcome, problems> put(std::string_view bytes, std::optional<dcat::syntax> as,
                                           std::string_view actor);
  result<void> remove(std::string_view id, std::string_view actor);  // catalogue.unknown
  // To the centre, inside one effect; the same key sends once. Problems: catalogue.unknown, catalogue.reused (the key
  // was used for another record).
  result<void> publish(std::string_view id, std::string_view actor, std::string_view key = {});
  // Reads the record files of a folder that are new or whose bytes changed since they were last taken: what editors did
  // meanwhile stays. What does not conform is reported by file and left out.
  problems read_folder(std::string const& folder, std::string_view actor);

  std::optional<kept_record> find(std::string_view id) const;  // deleted ones too: they are gone, not unknown
  std::vector<kept_record> all() const;                        // without the deleted ones
  result<dcat::graph> graph_of(std::string_view id) const;
  result<std::string> rdf(std::string_view id, dcat::syntax as) const;
  // A dry run: what put() would say.
  result<dcat::validation_report> check(std::string_view bytes, std::optional<dcat::syntax> as) const;
  result<dcat::variable_set> variables(std::string_view id) const;
  std::vector<change> changes(std::int64_t after, std::size_t limit) const;
  std::int64_t last_change() const;  // 0: nothing happened yet

  // The centre's side, inside the effect of the message; the list says what is wrong with the record.
  problems receive(store::transaction& tx, incoming_dataset const& message);
  // The centre's answer to what we published.
  void receive_verdict(store::transaction& tx, std::string_view original_message_id, bool valid, problems const& found);
  // How the sending of what we published ended, before any verdict; a later delivery takes a failure back.
  void note_delivery(store::transaction& tx, std::string_view message_id, bool delivered, std::string_view reason);

  dcat::release_pack const& pack() const { return pack_; }

 private:
  struct prepared;
  struct origin;
  std::expected<prepared, problems> prepare(std::string_view bytes, std::optional<dcat::syntax> as) const;
  std::expected<put_outcome, problems> take(std::string_view bytes, std::optional<dcat::syntax> as,
                                            std::string_view actor,
                                            std::function<void(store::transaction&)> const& in_the_same_effect);
  problems keep(store::transaction& tx, prepared const& ready, origin const& from, put_outcome& outcome);
  result<void> send(store::transaction& tx, std::string_view id, std::string_view action);
  problems take_deletion(store::transaction& tx, std::string_view identifier, origin const& from);
  void mark_deleted(store::transaction& tx, std::string_view id);
  void log_change(store::transaction& tx, std::string_view id, std::int64_t version, std::string_view what);

  store::database& db_;
  clock const& wall_;
  dcat::release_pack const& pack_;
  dcat::validator const& rules_;
  book_settings settings_;
  post_dataset post_;
  record_audit record_;
};

}  // namespace ehds::node::catalogue
