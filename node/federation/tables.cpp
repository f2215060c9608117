#include "node/federation/tables.hpp"

namespace ehds::node::federation {

// federation_question, federation_part: what this node asked, one part a partner.
// federation_job: what this node was asked; `seq` orders them, `state` is one of job_state.
std::vector<store::migration> migrations() {
  return {{"federation", 1, R"(
    CREATE TABLE federation_question (
      id TEXT PRIMARY KEY, protocol TEXT NOT NULL, title TEXT NOT NULL, application TEXT NOT NULL,
      asked_by TEXT NOT NULL, asked_at INTEGER NOT NULL, due_at INTEGER NOT NULL) STRICT;
    CREATE TABLE federation_part (
      id TEXT PRIMARY KEY, question TEXT NOT NULL REFERENCES federation_question(id), partner TEXT NOT NULL,
      query TEXT NOT NULL, query_hash TEXT NOT NULL, state TEXT NOT NULL, released_table TEXT,
      changed_at INTEGER NOT NULL) STRICT;
    CREATE INDEX federation_part_question ON federation_part(question);
    CREATE TABLE federation_job (
      id TEXT PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, asker TEXT NOT NULL, caller TEXT NOT NULL, part TEXT NOT NULL,
      title TEXT NOT NULL, query TEXT NOT NULL, query_hash TEXT NOT NULL, dataset TEXT NOT NULL, protocol TEXT NOT NULL,
      state TEXT NOT NULL, permit TEXT, lease_until INTEGER, attempts INTEGER NOT NULL DEFAULT 0,
      released_table TEXT, officer_reason TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL, decided_by TEXT) STRICT;
    CREATE INDEX federation_job_state ON federation_job(state, seq);
  )"},
          {"federation", 2, "ALTER TABLE federation_job ADD COLUMN application TEXT NOT NULL DEFAULT ''"}};
}

}  // namespace ehds::node::federation
