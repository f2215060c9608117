#include "node/store/database.hpp"

#include "node/store/opening.hpp"
#include "node/store/payload_store.hpp"
#include "node/store/reader_pool.hpp"
#include "node/store/writer.hpp"

namespace ehds::node::store {

struct database::core {
  core(std::filesystem::path named, connection_options const& how, database_options const& options)
      : file(std::move(named)),
        readers(how, options.readers),
        payloads(file.string() + ".payloads", options.vfs, options.on_damaged_payload) {}

  std::filesystem::path file;
  serving_lock lock;  // released last
  reader_pool readers;
  payload_store payloads;
  std::unique_ptr<writer> writing;  // empty when opened read only
};

result<database> database::open(std::filesystem::path const& file, database_options options) {
  connection_options how{.path = file.string(),
                         .vfs = options.vfs,
                         .read_only = options.read_only,
                         .busy_milliseconds = static_cast<int>(options.busy_timeout.count())};
  auto made = std::make_unique<core>(file, how, options);
  if (options.read_only) {
    if (auto fine = check_readable(file, how); !fine) return std::move(fine).error();
    return database(std::move(made));
  }
  auto lock = serving_lock::take(file);
  if (!lock) return std::move(lock).error();
  made->lock = std::move(*lock);
  auto opened = open_for_writing(file, how, options.migrations);
  if (!opened) return std::move(opened).error();
  reading now(**opened);
  made->payloads.sweep(now);
  made->writing = std::make_unique<writer>(std::move(*opened), options);
  return database(std::move(made));
}

database::database(std::unique_ptr<core> held) : core_(std::move(held)) {}
database::~database() = default;
database::database(database&&) noexcept = default;
database& database::operator=(database&&) noexcept = default;

result<void> database::commit(effect const& change) {
  if (core_->writing != nullptr) return core_->writing->commit(change);
  return problem{"store.read_only", "The store was opened for reading only.", "", ""};
}

payload_store& database::payloads() const { return core_->payloads; }

condition database::state() const { return core_->writing == nullptr ? condition::ready : core_->writing->state(); }

std::string database::reason() const { return core_->writing == nullptr ? std::string() : core_->writing->reason(); }

bool database::probe() { return core_->writing != nullptr && core_->writing->probe(); }

commit_counts database::counts() const {
  return core_->writing == nullptr ? commit_counts{} : core_->writing->counts();
}

std::filesystem::path const& database::path() const { return core_->file; }

database::lent_reader::lent_reader(database const& from) : core_(*from.core_), connection_(core_.readers.lend()) {
  try {
    reading_ = std::make_unique<reading>(*connection_);
  } catch (...) {
    core_.readers.take_back(std::move(connection_));
    throw;
  }
}

database::lent_reader::~lent_reader() { core_.readers.take_back(std::move(connection_)); }

}  // namespace ehds::node::store
