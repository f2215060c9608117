// Gives the surfaces what they talk to, and the background its work.
#include <algorithm>

#include "node/api/surfaces.hpp"
#include "node/exchange/retention.hpp"
#include "node/house/parts.hpp"
#include "node/identity/jws.hpp"
#include "node/pages/pages.hpp"

namespace ehds::node::house {
namespace {

constexpr std::chrono::milliseconds look_for_mail{250};
constexpr std::chrono::milliseconds look_for_events{500};
constexpr std::chrono::milliseconds look_for_updates{1'000};
constexpr std::chrono::milliseconds look_for_permits{500};
constexpr std::chrono::milliseconds look_at_the_calendar{1'000};
constexpr std::chrono::milliseconds look_for_queries{250};
constexpr std::chrono::milliseconds sign_the_log{5'000};
constexpr std::chrono::milliseconds look_for_lists{20'000};
constexpr std::chrono::milliseconds sweep{600'000};

std::string origin_of(house::parts const& p) { return "ehds-node/" + p.settings.node.id + "/audit"; }

void sign_checkpoint(house::parts& p) {
  auto const done = p.db->commit([&](store::transaction& tx) -> result<void> {
    audit::sign_checkpoint(tx, p.wall.now(), origin_of(p), *p.audit_signer);
    return {};
  });
  if (!done) p.log.write(telemetry::level::warning, "audit.checkpoint", done.error());
}

bool pull_once(house::parts& p) {
  if (!p.zone_has_started) {
    if (auto const known = p.line.start(); !known) {
      p.log.write(telemetry::level::warning, "zone.line", known.error());
      return false;
    }
    p.zone_has_started = true;
  }
  auto const served = federation::serve_once(p.line, *p.zone);
  if (served) return *served;
  p.log.write(telemetry::level::warning, "zone.line", served.error());
  return false;
}

void add_edge_work(house::parts& p) {
  for (std::size_t n = 1; n <= p.sender->threads_wanted(); ++n)
    p.work->add("send " + std::to_string(n), look_for_mail, [&p] { return p.sender->run_next(p.wall.now()); });
  if (p.retrieve)
    p.work->add("retrieve", look_for_mail, [&p] {
      bool const came = p.retrieve->run_once(p.wall.now()) > 0;
      if (came) p.work->nudge();  // there may be answers to send
      return false;
    });
  if (p.search_for_partners)
    p.work->add("find partners", look_for_mail, [&p] { return p.search_for_partners->run_once(p.wall.now()); });
  for (auto const& mode : p.book.all()) {
    if (!mode.is_pulled_by_us()) continue;
    p.work->add("pull " + mode.id, look_for_mail, [&p, id = mode.id] {
      bool const came = p.pull->run_for(id, p.wall.now()) > 0;
      if (came) p.work->nudge();  // there may be answers to send
      return false;
    });
  }
  if (p.lists)
    p.work->add(
        "revocation lists", look_for_lists,
        [&p] {
          for (auto const& one : p.lists->run_once(*p.wire, p.wall.now()))
            p.log.write(telemetry::level::warning, "revocation.list", one);
          return false;
        },
        background::wakes::by_pause_only);
  if (p.updates)
    p.work->add(
        "certificate updates", look_for_updates, [&p] { return p.updates->run_once(p.wall.now()); },
        background::wakes::by_pause_only);
  for (auto const& one : p.notices)
    p.work->add("webhook", look_for_events, [worker = one.get()] { return worker->run_once(); });
  if (p.desk)
    p.work->add("calendar", look_at_the_calendar, [&p] {
      p.desk->tick().value();
      return false;
    });
  if (auto const kept = p.settings.message_bytes_kept)
    p.work->add(
        "forget message bytes", sweep,
        [&p, days = *kept] { return exchange::forget_bytes(*p.db, p.wall.now() - days) > 0; },
        background::wakes::by_pause_only);
  p.work->add(
      "sessions", sweep,
      [&p] {
        p.sessions->sweep().value();
        return false;
      },
      background::wakes::by_pause_only);
}

}  // namespace

void open_doors(house::parts& p) {
  auto& r = p.rooms;
  r.self = {p.settings.node.id, p.settings.node.name, p.settings.node.country, p.is_central(),
            p.settings.node.base_url};
  r.db = p.db.get();
  r.wall = &p.wall;
  if (p.settings.clock_adjustable) {
    r.move_clock = [&p](std::chrono::milliseconds by) { return move_clock(p, by); };
    r.clock_shift = [&p] { return p.wall.offset(); };
  }
  r.accounts = p.accounts.get();
  r.sessions = p.sessions.get();
  r.api_keys = p.api_keys.get();
  r.desk = p.desk.get();
  r.permits = p.permits.get();
  r.public_entries = p.public_entries.get();
  r.centre = p.centre.get();
  r.questions = p.questions.get();
  r.jobs = p.jobs.get();
  r.records = p.records.get();
  r.search = p.search.get();
  r.messages = p.messages.get();
  r.updates = p.updates.get();
  r.keys = p.settings.keys;
  r.audit_signer = &*p.audit_signer;
  r.health = &p.health;
  r.metrics = &p.metrics;
  r.jwks = identity::to_jwks({p.authority_key->public_half()});
  r.message_bytes = p.settings.limits.message_bytes;
  if (p.us) r.certificates = [&p] { return certificates_of(p); };
  if (p.sender) r.silence_of = [&p](std::string_view party) { return p.sender->silence_of(party, p.wall.now()); };
  r.nudge = [&p] { p.work->nudge(); };
  if (p.plugin) r.take_push = [&p](edelivery::backend::push_notice const& notice) { take_push(p, notice); };
  r.push_user = p.settings.access_point.push_user;
  r.push_password = p.settings.access_point.push_password;
  watch(p);
  p.public_side = api::public_router(r);
  for (auto& page : pages::page_routes(r)) p.public_side.add(std::move(page));
  p.public_side.around([&r](http::request const& asked, http::handler const& next) {
    return pages::with_page_for_nothing(r, asked, next(asked));
  });
  p.internal_side = api::internal_router(r);
}

void add_background_work(house::parts& p) {
  p.work->add(
      "checkpoint", sign_the_log,
      [&p] {
        sign_checkpoint(p);
        return false;
      },
      background::wakes::by_pause_only);
  if (p.serves_edge()) add_edge_work(p);
  if (p.hand_over) p.work->add("hand over", look_for_permits, [&p] { return p.hand_over->run_once(); });
  if (p.zone) p.work->add("queries", look_for_queries, [&p] { return pull_once(p); });
}

}  // namespace ehds::node::house
