// The store with the tables of every room this node has, and the clock where a rehearsal left it.
#include <cstdlib>
#include <fstream>

#include "base/files.hpp"
#include "node/audit/log.hpp"
#include "node/federation/tables.hpp"
#include "node/house/parts.hpp"
#include "node/house/surroundings.hpp"

namespace ehds::node::house {
namespace {

void append(std::vector<store::migration>& to, std::vector<store::migration> const& more) {
  to.insert(to.end(), more.begin(), more.end());
}

std::vector<store::migration> all_migrations(house::parts const& p) {
  std::vector<store::migration> all{
      {"house", 1,
       "CREATE TABLE house_clock (only INTEGER PRIMARY KEY CHECK (only = 1), shift INTEGER NOT NULL) STRICT"}};
  append(all, audit::migrations());
  if (p.serves_edge()) {
    append(all, exchange::migrations());
    append(all, identity::migrations());
    append(all, catalogue::record_book::migrations());
    append(all, access::case_desk::migrations());
    append(all, access::application_centre::migrations());
    append(all, federation::migrations());
  }
  append(all, federation::zone_migrations());
  return all;
}

constexpr std::chrono::seconds last_words{1};

// After a failed fsync nobody knows what is on disk: say so and leave; the log is recovered at the next start.
void leave_broken(telemetry::log& log, std::string const& reason) {
  log.write(telemetry::level::error, "store.broken",
            {{"reason", reason}, {"detail", "The store is broken: leaving so that the next start recovers it."}});
  log.flush(last_words);
  std::_Exit(70);
}

// The caller hears that the bytes cannot be had; only the operator can bring them back.
void tell_damaged(telemetry::log& log, std::string_view payload) {
  log.write(telemetry::level::error, "store.payload_damaged",
            {{"payload", payload},
             {"detail", "A stored payload is not what was stored: it is handed to nobody."},
             {"mend", "Restore it from a backup, and check the disk."}});
}

}  // namespace

findings open_store(house::parts& p) {
  std::error_code fault;
  std::filesystem::create_directories(p.settings.store, fault);
  if (fault)
    return {{"store.folder", "the store's folder cannot be made: " + fault.message(), p.settings.store.string(),
             "check path and permissions"}};
  std::filesystem::permissions(p.settings.store, std::filesystem::perms::owner_all, fault);
  auto const leave = [log = &p.log](std::string const& reason) { leave_broken(*log, reason); };
  auto const tell = [log = &p.log](std::string_view payload) { tell_damaged(*log, payload); };
  auto opened = store::database::open(
      p.settings.store / "node.sqlite",
      {.migrations = all_migrations(p), .vfs = p.settings.store_vfs, .on_broken = leave, .on_damaged_payload = tell});
  if (!opened) return {opened.error()};
  p.db = std::make_unique<store::database>(std::move(*opened));
  p.health.add(telemetry::health_kind::ready, "store", [db = p.db.get()]() -> std::optional<std::string> {
    if (db->healthy()) return std::nullopt;
    return db->reason();
  });
  if (p.settings.clock_adjustable) {
    auto const left = p.db->read([](store::reading& now) { return now.first("SELECT shift FROM house_clock"); });
    if (left) p.wall.shift(std::chrono::milliseconds{left->integer(0)});
  }
  return {};
}

// Every zone signs its own log. The verifier key stands beside the private one, for whoever checks the log.
findings build_audit(house::parts& p) {
  auto signer = load_audit_signer(p.settings);
  if (!signer) return {signer.error()};
  p.audit_signer = std::move(*signer);
  std::ofstream(p.settings.keys / "audit.verifier") << audit::verifier_key(*p.audit_signer) << '\n';
  return {};
}

}  // namespace ehds::node::house
