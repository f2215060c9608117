#include "node/store/writer.hpp"

#include <algorithm>
#include <chrono>
#include <new>

#include "node/store/fail_point.hpp"

namespace ehds::node::store {
namespace {

// A log of this many pages (4 KB each) is copied into the file: 16 MB, since each copying costs two fsyncs that every
// writer waits for, and pages written again and again are copied once.
constexpr int long_log_frames = 4000;

problem refusal_of(store_failure const& why) {
  switch (why.kind()) {
    case fault::disk_full:
      return {"store.disk_full", "The disk that holds the store is full.", "",
              "Make room; the node goes on by itself."};
    case fault::busy:
      return {"store.busy", "Another program holds the lock of the store.", "", "Close it and try again."};
    case fault::no_memory:
      return {"store.busy", "The node has no memory for this change now.", "", "Try again in a moment."};
    case fault::io:
    case fault::corrupt:
    case fault::constraint:
    case fault::statement:
      break;
  }
  return {"store.broken", "The store could not be written and takes nothing any more.", "",
          "Restart the node; what was acknowledged is in the log."};
}

bool is_final(fault kind) { return kind == fault::io || kind == fault::corrupt; }

// A fault of the file, as against one of the effect's own statements.
bool concerns_all(fault kind) { return is_final(kind) || kind == fault::disk_full || kind == fault::busy; }

// Without memory half of it may be done: as after a failed fsync nobody knows what is on the disk.
void commit_on(connection& on) try { on.script("COMMIT"); } catch (std::bad_alloc const&) {
  throw store_failure(fault::io, "no memory for COMMIT");
}

}  // namespace

writer::writer(std::unique_ptr<connection> on, database_options const& options)
    : connection_(std::move(on)), options_(options), thread_([this] { serve(); }) {}

writer::~writer() {
  {
    std::scoped_lock const lock(guard_);
    stopping_ = true;
    arrived_.notify_one();
  }
  thread_.join();
}

result<void> writer::commit(effect const& change) {
  if (std::this_thread::get_id() == thread_.get_id())
    throw store_failure(fault::statement, "commit was called from inside an effect");
  waiting mine(change);
  std::unique_lock lock(guard_);
  if (condition_ == condition::broken) return refusal_of(store_failure(fault::io, reason_));
  if (queue_.size() >= options_.queue_limit) {
    ++counts_.refused;
    return problem{"store.busy", "More changes wait for the store than it takes.", "", "Try again in a moment."};
  }
  queue_.push_back(&mine);
  arrived_.notify_one();
  mine.wake.wait(lock, [&] { return mine.over; });
  if (mine.thrown) std::rethrow_exception(mine.thrown);
  return std::move(mine.verdict);
}

bool writer::probe() {
  auto const done = commit([](transaction& tx) -> result<void> {
    tx.next_number("store.probe");
    return {};
  });
  return done.has_value() && state() == condition::ready;
}

condition writer::state() const {
  std::scoped_lock const lock(guard_);
  return condition_;
}

std::string writer::reason() const {
  std::scoped_lock const lock(guard_);
  return reason_;
}

commit_counts writer::counts() const {
  std::scoped_lock const lock(guard_);
  auto counts = counts_;
  counts.waiting = queue_.size();
  return counts;
}

void writer::serve() {
  effect const probing = [](transaction& tx) -> result<void> {
    tx.next_number("store.probe");
    return {};
  };
  batch next;
  next.reserve(options_.batch_limit);  // nothing that may fail comes between taking an effect and answering it
  while (take(next)) {
    // Nobody asked, and the disk was full: see whether there is room again.
    waiting own(probing);
    bool const idle = next.empty();
    if (idle) next.push_back(&own);
    run(next);
    if (!idle) answer(next);
    checkpoint_when_long();
  }
}

bool writer::take(batch& next) {
  std::unique_lock lock(guard_);
  next.clear();
  auto const called = [&] { return stopping_ || !queue_.empty(); };
  if (condition_ == condition::disk_full) {
    if (!arrived_.wait_for(lock, options_.probe_interval, called)) return true;
  } else {
    arrived_.wait(lock, called);
  }
  while (!queue_.empty() && next.size() < options_.batch_limit) {
    next.push_back(queue_.front());
    queue_.pop_front();
  }
  return !next.empty();
}

void writer::answer(effects_view done) {
  std::scoped_lock const lock(guard_);
  for (auto* one : done) {
    one->over = true;
    one->wake.notify_one();  // under the lock: the waiter leaves, and takes `wake` along, only after it
  }
}

void writer::run(effects_view effects) {
  try {
    if (state() == condition::broken) return refuse(effects, store_failure(fault::io, reason()));
    run_together(effects);
    return note(condition::ready, "");
  } catch (store_failure const& why) {
    roll_back();
    if (is_final(why.kind()) || effects.size() == 1) return refuse(effects, why);
  } catch (std::bad_alloc const&) {
    roll_back();
    if (effects.size() == 1) return refuse(effects, store_failure(fault::no_memory, "no memory"));
  } catch (simulated_crash const&) {
    return crash(effects);
  }
  // The batch as a whole failed: what still fits is kept, the rest is refused one by one.
  for (auto const& one : effects) run({&one, 1});
}

void writer::run_together(effects_view effects) {
  connection_->run("BEGIN IMMEDIATE", {}, {});
  for (auto* one : effects) run_one(*one);
  fail_point("store.before_commit");
  auto const start = std::chrono::steady_clock::now();
  commit_on(*connection_);
  std::chrono::duration<double> const took = std::chrono::steady_clock::now() - start;
  fail_point("store.after_commit");
  std::scoped_lock const lock(guard_);
  ++counts_.batches;
  for (auto* one : effects) counts_.effects += !one->thrown && one->verdict ? 1 : 0;
  counts_.commit_seconds += took.count();
  counts_.slowest_seconds = std::max(counts_.slowest_seconds, took.count());
}

void writer::run_one(waiting& one) {
  one.verdict = {};
  one.thrown = nullptr;
  connection_->run("SAVEPOINT effect", {}, {});
  try {
    transaction tx(*connection_);
    one.verdict = one.change(tx);
  } catch (simulated_crash const&) {
    throw;
  } catch (store_failure const& why) {
    if (concerns_all(why.kind())) throw;
    one.thrown = std::current_exception();
  } catch (...) {
    one.thrown = std::current_exception();
  }
  if (!connection_->in_transaction())
    throw store_failure(one.thrown ? fault::no_memory : fault::disk_full, "the transaction was rolled back");
  if (one.thrown || !one.verdict) connection_->script("ROLLBACK TO effect");
  connection_->run("RELEASE effect", {}, {});
}

void writer::roll_back() noexcept {
  try {
    if (connection_->in_transaction()) connection_->script("ROLLBACK");
  } catch (std::exception const&) {
    // The fault that brought us here is the one that is reported.
  }
}

void writer::refuse(effects_view effects, store_failure const& why) {
  if (is_final(why.kind())) note(condition::broken, why.what());
  if (why.kind() == fault::disk_full) note(condition::disk_full, "The disk that holds the store is full.");
  for (auto* one : effects) {
    one->thrown = nullptr;
    one->verdict = refusal_of(why);
  }
  std::scoped_lock const lock(guard_);
  counts_.refused += effects.size();
}

// A test's crash: as if the process had ended here. Nothing is rolled back, nothing is taken any more.
void writer::crash(effects_view effects) {
  for (auto* one : effects) one->thrown = std::current_exception();
  std::scoped_lock const lock(guard_);
  condition_ = condition::broken;
  reason_ = "stopped at a fail point";
}

void writer::checkpoint_when_long() {
  if (connection_->log_frames() < long_log_frames || state() != condition::ready) return;
  try {
    connection_->checkpoint();
  } catch (store_failure const& why) {
    if (is_final(why.kind())) note(condition::broken, why.what());
    // A full disk leaves the log long; everything in it stays readable.
  } catch (std::bad_alloc const&) {
    // Later, then.
  }
}

void writer::note(condition now, std::string reason) {
  bool broke = false;
  {
    std::scoped_lock const lock(guard_);
    if (condition_ == condition::broken) return;
    broke = now == condition::broken;
    condition_ = now;
    reason_ = std::move(reason);
  }
  if (broke && options_.on_broken) options_.on_broken(this->reason());
}

}  // namespace ehds::node::store
