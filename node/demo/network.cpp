// Processes of the network: started, killed, ended. What they are given is written in network_files.cpp.
#include "node/demo/network.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "node/demo/telling.hpp"

namespace ehds::node::demo {
namespace {

int free_port(std::string const& address) {
  int const door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  inet_pton(AF_INET, address.c_str(), &at.sin_addr);
  socklen_t size = sizeof at;
  auto* const generic = reinterpret_cast<sockaddr*>(&at);
  bool const found = door >= 0 && bind(door, generic, size) == 0 && getsockname(door, generic, &size) == 0;
  if (door >= 0) close(door);
  must(found, "no free port at " + address);
  return ntohs(at.sin_port);
}

}  // namespace

network::network(options const& how) : how_(how), lock_(how.folder), planned_(planned_mishap()) {
  nodes_["EU"] = {"EU",
                  "HealthData@EU central platform (demonstration)",
                  "European Commission (demonstration)",
                  "127.0.0.1",
                  "central",
                  "edge"};
  nodes_["FR"] = {"FR",
                  "Health Data Hub (demonstration)",
                  "Health data access body of France (demonstration)",
                  "127.0.0.2",
                  "national",
                  "edge"};
  nodes_["FI"] = {
      "FI", "Findata (demonstration)", "Health data access body of Finland (demonstration)", "127.0.0.3", "national",
      "all"};
  nodes_["DK"] = {"DK",
                  "Sundhedsdatastyrelsen (demonstration)",
                  "Health data access body of Denmark (demonstration)",
                  "127.0.0.4",
                  "national",
                  "all"};
  for (auto& [id, node] : nodes_) node.port = free_port(node.address);
  nodes_["FR"].internal_port = free_port("127.0.0.2");
  platform_port_ = free_port("127.0.0.2");
  if (planned_) watch_ = std::jthread([this](std::stop_token const& ended) { start_again_after_mishap(ended); });
}

network::~network() { end_all(); }

std::vector<std::string> network::command_of(std::string const& process) const {
  if (process == "platform")
    return {(how_.program.parent_path() / "ehds-platform").string(), "--listen",
            "127.0.0.2:" + std::to_string(platform_port_), "--folder", folder_of("platform").string()};
  return {how_.program.string(), "serve", "--config", (folder_of(process) / "node.json").string()};
}

void network::connect() {
  http::client_options options;
  options.tls.ca = how_.folder / "ca" / "ca.pem";
  auto made = http::client::make(io_, options);
  must(made.has_value(), made ? "" : to_text(made.error()));
  wire_ = std::move(*made);
}

// The guard is held.
void network::launch(std::string const& name) {
  auto command = command_of(name);
  if (planned_ && planned_->process == name && !is_armed_) {
    is_armed_ = true;
    command.insert(command.begin(), {"env", "EHDS_FAIL_POINT=" + planned_->point});
  }
  running_[name] = process::start(command, folder_of(name) / "log.txt");
}

void network::start_again_after_mishap(std::stop_token const& ended) {
  constexpr std::chrono::milliseconds look{20};
  for (; !ended.stop_requested(); std::this_thread::sleep_for(look)) {
    std::scoped_lock const lock(guard_);
    auto const found = running_.find(planned_->process);
    if (has_happened_ || found == running_.end() || found->second.is_running()) continue;
    has_happened_ = true;
    launch(planned_->process);
  }
}

void network::check_mishap() {
  if (!planned_) return;
  std::scoped_lock const lock(guard_);
  must(has_happened_, planned_->process + " was to die at " + planned_->point + " and did not");
  tell(planned_->process + " died at " + planned_->point + " in the middle of this and was started again");
}

void network::start(std::string const& name) {
  {
    std::scoped_lock const lock(guard_);
    launch(name);
  }
  auto const died = [&] {
    bool const expected = planned_ && planned_->process == name;
    must(expected || is_running(name), name + " ended; see " + (folder_of(name) / "log.txt").string());
  };
  if (name == "FR-data") {
    died();
    return;
  }
  wait_until(name + " is ready", [&] {
    died();
    http_call_request ping;
    ping.url = name == "platform" ? platform().base() + "/handovers" : node(name).url() + "/readyz";
    auto const answer = wire_->call(ping);
    return answer && answer->status == 200;
  });
}

void network::start_all_but(std::vector<std::string> const& left_out) {
  for (auto const* name : {"EU", "FR", "FR-data", "FI", "DK", "platform"})
    if (std::ranges::find(left_out, name) == left_out.end()) start(name);
}

void network::kill(std::string const& name) {
  std::scoped_lock const lock(guard_);
  running_.erase(name);
}

bool network::is_running(std::string const& name) {
  std::scoped_lock const lock(guard_);
  auto const found = running_.find(name);
  return found != running_.end() && found->second.is_running();
}

std::vector<std::string> network::ended_by_themselves() {
  std::scoped_lock const lock(guard_);
  std::vector<std::string> sentences;
  for (auto one = running_.begin(); one != running_.end();) {
    if (one->second.is_running()) {
      ++one;
      continue;
    }
    std::string command;
    for (auto const& word : command_of(one->first)) command += " " + word;
    sentences.push_back(one->first + " ended (" + one->second.how_it_ended() + "); start it again:" + command);
    one = running_.erase(one);
  }
  return sentences;
}

bool network::is_meant_to_run(std::string const& name) {
  std::scoped_lock const lock(guard_);
  return running_.contains(name);
}

void network::end_all() {
  if (watch_.joinable()) watch_.request_stop();
  std::scoped_lock const lock(guard_);
  for (auto& [name, one] : running_) one.end(std::chrono::seconds{10});
  running_.clear();
}

rest& network::as(std::string const& id, std::string const& account) {
  auto& person = people_[id + "/" + account];
  auto const name = account.empty() ? "" : account + "." + id;
  if (!person) person = std::make_unique<rest>(*wire_, node(id).url(), name, demo_password);
  return *person;
}

rest& network::platform() {
  auto& door = people_["platform"];
  if (!door) door = std::make_unique<rest>(*wire_, "http://127.0.0.2:" + std::to_string(platform_port_), "", "");
  return *door;
}

// When nothing is under way: a message that leaves one node today must not arrive at another in a fortnight.
void network::advance_clock(int days) {
  auto const open_messages = [&](std::string const& id) {
    auto const metrics = as(id, "").get("/metrics").text;
    return metrics.find("ehds_outbox_open 0\n") == std::string::npos;
  };
  wait_until("every message is delivered", [&] {
    return std::ranges::none_of(nodes_,
                                [&](auto const& one) { return is_running(one.first) && open_messages(one.first); });
  });
  for (auto const& [id, node] : nodes_)
    if (is_meant_to_run(id)) as(id, "operator").send("/api/rehearsal/clock", {{"advance_days", days}});
}

}  // namespace ehds::node::demo
