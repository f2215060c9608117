#pragma once
// Keeps the revocation lists that the P-Modes name at hand: fetches them from exactly those places, keeps them on disk,
// so that a restart without the network knows what was known before, and says how they stand.
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/http_call.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "edelivery/pmode/pmode_book.hpp"
#include "edelivery/security/revocation.hpp"

namespace ehds::node::identity {

// A place as a P-Mode names it, and who may sign what is found there.
struct watched_list {
  std::string place;
  std::vector<edelivery::certificate> authorities;
};
std::vector<watched_list> lists_of(
    edelivery::pmode_book const& book);  // each place once; of partners and of publishers

bool is_web_place(std::string_view place);  // else a file

// How the list of a place stands.
struct list_report {
  std::string place;
  std::optional<instant> made, until;  // nothing: there is none at hand
  std::size_t revoked = 0;             // certificates named
  std::optional<instant> tried_at;
  std::string trouble;  // why the last attempt brought nothing; empty when it was good

  bool is_current(instant now) const { return made && *made <= now && now <= *until; }
};

class list_keeper {
 public:
  // Lists go to the shelf; `folder` is made when something is kept. Both calls outlive the keeper.
  list_keeper(std::vector<watched_list> watched, std::shared_ptr<edelivery::revocation_shelf> shelf,
              std::filesystem::path folder);

  // What an earlier run kept.
  void take_kept();
  // Asks the places whose time has come: an address every hour, after a failure sooner, waiting longer each time; a
  // file when it changed. Returns what went wrong newly, or changed its reason, for the log.
  problems run_once(http_call& wire, instant now);

  std::vector<list_report> reports() const;  // safe while run_once runs

 private:
  struct watched {
    watched_list terms;
    list_report report{};
    instant due{};
    int failures = 0;
    std::optional<std::filesystem::file_time_type> file_time{};
  };

  // Believed when an authority of the place signed it and it is not older than the one at hand.
  result<void> take(watched& one, std::string_view bytes, instant now);
  result<std::string> fetch(watched const& one, http_call& wire) const;
  result<void> refresh(watched& one, http_call& wire, instant now);
  void note(watched& one, edelivery::revocation_list const& list);
  std::filesystem::path kept_file(std::string const& place) const;

  std::shared_ptr<edelivery::revocation_shelf> shelf_;
  std::filesystem::path folder_;
  mutable std::mutex guard_;  // of the reports
  std::vector<watched> all_;
};

}  // namespace ehds::node::identity
