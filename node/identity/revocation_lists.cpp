#include "node/identity/revocation_lists.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/files.hpp"
#include "node/identity/private_file.hpp"

namespace ehds::node::identity {

namespace {

constexpr std::chrono::hours between_looks{1};
constexpr std::chrono::minutes first_wait{1};
// The authority's clock may be ahead of ours by so much.
constexpr std::chrono::minutes clocks_differ{5};

problem wrong_list(char const* what, std::string detail, std::string const& place, char const* mend) {
  return {std::string{"revocation."} + what, std::move(detail), place, mend};
}

std::chrono::seconds wait_after(int failures) {
  auto const doubled = first_wait * (1 << std::min(failures - 1, 6));
  return std::min<std::chrono::seconds>(doubled, between_looks);
}

}  // namespace

bool is_web_place(std::string_view place) { return place.starts_with("http://") || place.starts_with("https://"); }

std::vector<watched_list> lists_of(edelivery::pmode_book const& book) {
  std::vector<watched_list> all;
  auto const add = [&](edelivery::partner_trust const& trust) {
    for (auto const& place : trust.revocation.lists) {
      auto known = std::ranges::find(all, place, &watched_list::place);
      if (known == all.end()) known = all.insert(all.end(), watched_list{place, {}});
      for (auto const& each : trust.authorities)
        if (std::ranges::find(known->authorities, each) == known->authorities.end()) known->authorities.push_back(each);
    }
  };
  for (auto const& mode : book.all()) {
    add(mode.trust);
    if (mode.discovery) add(mode.discovery->signer);
  }
  return all;
}

list_keeper::list_keeper(std::vector<watched_list> watched_places, std::shared_ptr<edelivery::revocation_shelf> shelf,
                         std::filesystem::path folder)
    : shelf_(std::move(shelf)), folder_(std::move(folder)) {
  for (auto& each : watched_places) {
    watched one{std::move(each)};
    one.report.place = one.terms.place;
    all_.push_back(std::move(one));
  }
}

std::filesystem::path list_keeper::kept_file(std::string const& place) const {
  return folder_ / (sha256_hex(place) + ".crl");
}

void list_keeper::note(watched& one, edelivery::revocation_list const& list) {
  std::scoped_lock const lock(guard_);
  one.report.made = list.this_update();
  one.report.until = list.next_update();
  one.report.revoked = list.size();
}

void list_keeper::take_kept() {
  for (auto& one : all_) {
    auto const bytes = read_file(kept_file(one.terms.place), edelivery::largest_revocation_list);
    if (!bytes) continue;
    auto list = edelivery::revocation_list::read(*bytes);
    // The authorities of a place may have changed since.
    if (!list || std::ranges::none_of(one.terms.authorities, [&](auto const& each) { return list->is_from(each); }))
      continue;
    note(one, *list);
    shelf_->put(one.terms.place, *std::move(list));
  }
}

result<void> list_keeper::take(watched& one, std::string_view bytes, instant now) {
  auto const& place = one.terms.place;
  auto list = edelivery::revocation_list::read(bytes);
  if (!list) return problem{list.error().code, list.error().detail, place, list.error().mend};
  if (std::ranges::none_of(one.terms.authorities, [&](auto const& each) { return list->is_from(each); }))
    return wrong_list("signature", "the list of " + list->issuer() + " is signed by none of the P-Mode's authorities",
                      place, "Name the authority that signs it under authorities, or another place.");
  auto const before = shelf_->at(place);
  if (before && list->this_update() < before->this_update())
    return wrong_list("older", "the list was made at " + to_rfc3339(list->this_update()) + ", before the one at hand",
                      place, "The one at hand stays; ask the authority why an older list is given out.");
  if (list->this_update() > now + clocks_differ)
    return wrong_list("early", "the list begins at " + to_rfc3339(list->this_update()), place,
                      "Check the clocks of this node and of the authority.");
  bool const is_news = !before || before->der() != list->der();
  if (is_news) {
    if (auto made = make_private_folder(folder_); !made) return made;
    if (auto kept = write_private_file(kept_file(place), list->der()); !kept) return kept;
    note(one, *list);
    shelf_->put(place, *list);
  }
  if (list->is_current(now) || list->this_update() > now) return {};
  return wrong_list("over", "the list was current until " + to_rfc3339(list->next_update()), place,
                    "Ask the authority for its present list.");
}

result<std::string> list_keeper::fetch(watched const& one, http_call& wire) const {
  auto const& place = one.terms.place;
  if (!is_web_place(place)) {
    if (auto bytes = read_file(place, edelivery::largest_revocation_list)) return *std::move(bytes);
    return wrong_list("unreadable", "the file cannot be read, or is too large", place,
                      "Check the path and its permissions.");
  }
  auto answer = wire.call({.url = place, .response_limit = edelivery::largest_revocation_list});
  if (!answer) return problem{answer.error().code, answer.error().detail, place, answer.error().mend};
  if (answer->status == 200) return std::move(answer->body);
  return wrong_list("status", "the answer was HTTP " + std::to_string(answer->status), place,
                    "Check the address; no redirect is followed.");
}

result<void> list_keeper::refresh(watched& one, http_call& wire, instant now) {
  auto const bytes = fetch(one, wire);
  return bytes ? take(one, *bytes, now) : result<void>{bytes.error()};
}

problems list_keeper::run_once(http_call& wire, instant now) {
  problems told;
  for (auto& one : all_) {
    std::error_code fault;
    auto const written = std::filesystem::last_write_time(one.terms.place, fault);
    bool const changed = !is_web_place(one.terms.place) && !fault && one.file_time != written;
    if (now < one.due && !changed) continue;
    one.file_time = fault ? std::nullopt : std::optional(written);
    auto const done = refresh(one, wire, now);
    one.failures = done ? 0 : one.failures + 1;
    one.due = now + (done ? std::chrono::seconds{between_looks} : wait_after(one.failures));
    auto const trouble = done ? std::string{} : done.error().detail;
    std::scoped_lock const lock(guard_);
    if (!done && trouble != one.report.trouble) told.push_back(done.error());
    one.report.tried_at = now;
    one.report.trouble = trouble;
  }
  return told;
}

std::vector<list_report> list_keeper::reports() const {
  std::scoped_lock const lock(guard_);
  std::vector<list_report> all;
  for (auto const& one : all_) all.push_back(one.report);
  return all;
}

}  // namespace ehds::node::identity
