#pragma once
// The world under the store is broken, or a statement is: thrown by statements, never caused by a caller's input.
// Carries the kind of fault and what SQLite said (which names tables and columns, never values).
#include <stdexcept>
#include <string>

namespace ehds::node::store {

enum class fault {
  disk_full,   // no room; comes back when space does
  io,          // a read, write or fsync failed: nothing may be acknowledged any more
  corrupt,     // the file is not what was written
  busy,        // somebody else holds the lock
  constraint,  // UNIQUE, CHECK, NOT NULL or FOREIGN KEY: use ON CONFLICT where a caller can cause it
  no_memory,   // for this one now; nothing was changed
  statement,   // a wrong statement or a wrong use of a row: a mistake in the program
};

class store_failure : public std::runtime_error {
 public:
  store_failure(fault kind, std::string const& what) : std::runtime_error(what), kind_(kind) {}
  fault kind() const { return kind_; }

 private:
  fault kind_;
};

}  // namespace ehds::node::store
