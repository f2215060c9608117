// The clock of a rehearsal: moved by an operator, or following the edge's; kept in the store before it moves.
#include "node/house/parts.hpp"

namespace ehds::node::house {
namespace {

// Under the guard: what is kept and what the clock shows are read and changed together.
result<void> stand_at(house::parts& p, std::chrono::milliseconds shift) {
  auto kept = p.db->commit([&](store::transaction& tx) -> result<void> {
    tx.run("INSERT INTO house_clock VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET shift = excluded.shift",
           shift.count());
    return {};
  });
  if (kept) p.wall.shift(shift - p.wall.offset());
  return kept;
}

}  // namespace

result<void> move_clock(house::parts& p, std::chrono::milliseconds by) {
  std::scoped_lock const lock(p.clock_guard);
  return stand_at(p, p.wall.offset() + by);
}

void follow_clock(house::parts& p, std::chrono::milliseconds shift) {
  std::scoped_lock const lock(p.clock_guard);
  if (shift == p.wall.offset()) return;
  if (auto const done = stand_at(p, shift); !done) p.log.write(telemetry::level::warning, "clock", done.error());
}

}  // namespace ehds::node::house
