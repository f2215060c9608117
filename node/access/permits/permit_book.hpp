#pragma once
// Permits (Art. 68(10)) and request approvals (Art. 69): numbered, versioned, signed, revocable. Every version is
// kept. What others must learn goes into the hand-over queue in the same effect.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "node/access/access_ports.hpp"
#include "node/access/cases/case_state.hpp"
#include "node/store/database.hpp"

namespace ehds::node::access {

struct permit_line {
  std::string id;      // "FR-2026-0001/2"
  std::string number;  // "FR-2026-0001"
  std::int64_t version = 1;
  std::string case_id;
  std::string application_id;
  std::string type;    // code of the application
  std::string status;  // code; an older version is AMENDED or RENEWED once it is replaced
  std::string valid_from;
  std::string valid_to;
  instant issued;
  std::string payload_json;  // what was signed
  std::string jws;           // typ permit+jwt
};

// One thing that the platform, the data zone or a holder must be told. The key is the idempotency key.
struct handover_entry {
  std::string key;  // "FR-2026-0001/1:issue"
  std::string permit_id;
  std::string type;  // code of the application: a platform needs DATA_ACCESS_APPLICATION only
  std::string kind;  // issue, amend, revoke, reinstate, expire
  std::string body;  // the permit's JWS, or a signed notice
  std::int64_t attempts = 0;
  instant created;
  std::optional<instant> next_try;
  std::optional<instant> done;
  std::string last_error;
  std::string proof;  // what the receiver answered
};

class permit_book {
 public:
  explicit permit_book(store::database& db) : db_(db) {}
  static std::vector<store::migration> migrations();

  std::optional<permit_line> find(std::string_view id) const;  // "FR-2026-0001/2"; without version: the newest
  std::vector<permit_line> all(std::size_t limit = 500) const;
  static std::optional<permit_line> find(store::reading& now, std::string_view id);

  // {"issued_at":..,"revoked":[{"permit":..,"since":..,"status":..}]}: every number that is no longer in force.
  std::string revocations_json(instant now) const;

  // The worker's side of the queue: revocations first, then oldest first. What a later word about the same permit
  // overtook is done, with the proof "overtaken".
  std::vector<handover_entry> due(instant now, std::size_t limit = 16) const;
  std::vector<handover_entry> handovers(std::string_view permit_id) const;
  result<void> mark_done(std::string_view key, std::string_view proof, instant now);
  result<void> mark_failed(std::string_view key, std::string_view error, instant now, instant next_try);

  // Called by the desk inside its effects.
  static std::string next_id(store::transaction& tx, std::string_view country, instant now);
  static std::string next_version(std::string_view permit_id);
  static result<void> record(store::transaction& tx, case_state const& state, access_ports const& ports, instant now);
  static result<void> change_status(store::transaction& tx, case_state const& state, std::string_view kind,
                                    access_ports const& ports, instant now);

 private:
  store::database& db_;
};

// The JSON that is signed: the sections of the permit template.
std::string permit_payload(case_state const& state, instant issued);

}  // namespace ehds::node::access
