// What the node counts about itself, and when it is not ready. Values are asked for when somebody reads them.
#include <algorithm>

#include "connectors/data/engine/check_database.hpp"
#include "edelivery/pmode/certificate_ends.hpp"
#include "node/exchange/ledger.hpp"
#include "node/exchange/notice_worker.hpp"
#include "node/exchange/set_aside.hpp"
#include "node/house/parts.hpp"
#include "node/house/surroundings.hpp"

namespace ehds::node::house {
namespace {

void watch_store(house::parts& p) {
  auto* const db = p.db.get();
  auto& m = p.metrics;
  m.watch("ehds_store_effects_total", "Effects made durable.",
          [db] { return static_cast<double>(db->counts().effects); });
  m.watch("ehds_store_commits_total", "Transactions, each one fsync.",
          [db] { return static_cast<double>(db->counts().batches); });
  m.watch("ehds_store_refused_total", "Effects refused for a full disk, a broken file or a full queue.",
          [db] { return static_cast<double>(db->counts().refused); });
  m.watch("ehds_store_commit_seconds_total", "Time spent in COMMIT.", [db] { return db->counts().commit_seconds; });
  m.watch("ehds_damaged_payloads_total",
          "Payloads that were read and not handed out, because the disk changed what was stored.",
          [db] { return static_cast<double>(db->payloads().damaged()); });
  m.watch("ehds_store_ready", "1 while the store takes effects.", [db] { return db->healthy() ? 1.0 : 0.0; });
}

void watch_messages(house::parts& p) {
  auto const state = [db = p.db.get()] {
    return db->read([](store::reading& now) { return exchange::state_of_outbox(now); });
  };
  p.metrics.watch("ehds_outbox_open", "Messages neither delivered nor given up.",
                  [state] { return static_cast<double>(state().open); });
  p.metrics.watch("ehds_outbox_dead_letters", "Messages given up: an operator must look.",
                  [state] { return static_cast<double>(state().dead_letters); });
  p.metrics.watch("ehds_outbox_oldest_seconds", "Age of the oldest open message.", [state, &p] {
    auto const oldest = state().oldest_open;
    return oldest ? std::chrono::duration<double>(p.wall.now() - *oldest).count() : 0.0;
  });
  p.metrics.watch(
      "ehds_damaged_receipts_total",
      "Repeated messages that were not answered, because the disk changed what was stored of their receipt.",
      [&p] { return p.messages ? static_cast<double>(p.messages->damaged_receipts()) : 0.0; });
  p.metrics.watch("ehds_unproven_refused_total",
                  "Messages that prove nothing, answered 503 since too many of them came from their address.",
                  [&p] { return p.messages ? static_cast<double>(p.messages->unproven_refused()) : 0.0; });
  p.metrics.watch("ehds_refusals_not_kept_total",
                  "Messages refused of which no row tells, because too many of their origin came within a minute.",
                  [&p] {
                    std::uint64_t all = 0;
                    if (!p.messages) return 0.0;
                    for (auto const& [origin, count] : p.messages->refusals().not_kept()) all += count;
                    return static_cast<double>(all);
                  });
  auto const days_left = [&p] {
    return std::chrono::duration<double, std::ratio<86400>>(p.us->signing.cert.not_after() - p.wall.now()).count();
  };
  p.metrics.watch("ehds_signing_certificate_days", "Days until the AS4 signing certificate ends.", days_left);
  // Looked up each time: an update that is accepted while the node runs brings it nearer, or puts it off.
  if (!edelivery::certificate_ends(p.book).empty())
    p.metrics.watch("ehds_partner_certificate_days", "Days until the first partner's certificate ends.", [&p] {
      auto const first = edelivery::certificate_ends(p.book).front().at;
      return std::chrono::duration<double, std::ratio<86400>>(first - p.wall.now()).count();
    });
  p.health.add(telemetry::health_kind::ready, "certificate", [days_left]() -> std::optional<std::string> {
    if (days_left() > 0) return std::nullopt;
    return "the AS4 signing certificate has ended";
  });
}

void watch_webhooks(house::parts& p) {
  if (p.notices.empty()) return;
  p.metrics.watch("ehds_webhooks_refused", "Back ends whose webhook does not take the event that is next.", [&p] {
    return p.db->read([&](store::reading& now) {
      return static_cast<double>(std::ranges::count_if(p.settings.back_ends, [&](auto const& one) {
        return !one.webhook_url.empty() && exchange::refused_notice(now, one.name);
      }));
    });
  });
  p.metrics.watch("ehds_webhooks_set_aside", "Messages that a back end refused so often that those behind go first.",
                  [&p] { return static_cast<double>(p.db->read(exchange::count_set_aside)); });
}

// What an operator must act on before it happens.
void watch_certificates(house::parts& p) {
  if (!p.us) return;
  auto& m = p.metrics;
  m.watch("ehds_certificates_ending", "Certificates that end within 30 days, or have ended, with nothing to follow.",
          [&p] { return static_cast<double>(certificates_of(p).alarms()); });
  m.watch("ehds_partner_certificates_revoked", "Certificates of partners that a revocation list names.",
          [&p] { return static_cast<double>(certificates_of(p).revoked()); });
  m.watch("ehds_revocation_lists_not_current", "Revocation lists that P-Modes name and that are not current.", [&p] {
    auto const lists = p.lists ? p.lists->reports() : std::vector<identity::list_report>{};
    return static_cast<double>(
        std::ranges::count_if(lists, [&](auto const& each) { return !each.is_current(p.wall.now()); }));
  });
}

void watch_certificate_updates(house::parts& p) {
  if (!p.updates) return;
  p.metrics.watch("ehds_certificate_updates_waiting", "Certificates that partners announced and nobody decided about.",
                  [&p] { return static_cast<double>(p.updates->waiting(p.wall.now()).of_partners); });
  p.metrics.watch("ehds_certificate_updates_urgent",
                  "Announced certificates that wait and are active within 7 days; ours that nobody answered in time.",
                  [&p] { return static_cast<double>(p.updates->waiting(p.wall.now()).urgent); });
}

void watch_http(house::parts& p) {
  auto const load = [&p] { return p.server ? p.server->load() : http::server_load{}; };
  p.metrics.watch("ehds_http_connections", "Open connections.",
                  [load] { return static_cast<double>(load().connections); });
  p.metrics.watch("ehds_http_requests_total", "Requests answered.",
                  [load] { return static_cast<double>(load().served); });
  p.metrics.watch("ehds_http_refused_total", "Requests answered 503 because the queue was full.",
                  [load] { return static_cast<double>(load().refused); });
  p.metrics.watch("ehds_http_idle_dropped_total", "Idle connections closed since newcomers found all places taken.",
                  [load] { return static_cast<double>(load().idle_dropped); });
}

void watch_log(house::parts& p) {
  p.metrics.watch("ehds_log_lines_dropped_total", "Lines of the log that were dropped since nobody read them.",
                  [&p] { return static_cast<double>(p.log.dropped()); });
}

// Files move and are reloaded while a node runs; a record may be withdrawn.
void watch_health_data(house::parts& p) {
  if (!p.holds_data()) return;
  p.health.add(telemetry::health_kind::ready, "health data", [&p]() -> std::optional<std::string> {
    for (auto const& section : p.settings.health_data) {
      auto const profile = profile_of(section, p.settings.node.country);
      auto const found = profile ? connectors::check_database(section.path, *profile) : problems{profile.error()};
      if (!found.empty()) return section.id + ": " + found.front().detail;
      auto const record = p.records->find(section.id);
      if (!record || record->deleted) return section.id + " has no record in the catalogue";
    }
    return std::nullopt;
  });
}

}  // namespace

void watch(house::parts& p) {
  watch_store(p);
  watch_messages(p);
  watch_webhooks(p);
  watch_certificates(p);
  watch_certificate_updates(p);
  watch_http(p);
  watch_log(p);
  watch_health_data(p);
}

}  // namespace ehds::node::house
