#pragma once
// The small HealthData@EU: a centre, three countries, one of them in two zones, and a local platform. Each is a process
// of its own with its own folder, address and store.
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "node/demo/folder_lock.hpp"
#include "node/demo/mishap.hpp"
#include "node/demo/options.hpp"
#include "node/demo/process.hpp"
#include "node/demo/rest.hpp"
#include "node/http/client.hpp"

namespace ehds::node::demo {

struct planned_node {
  std::string id;  // EU, FR, FI, DK
  std::string name;
  std::string authority;
  std::string address;    // 127.0.0.1 and up: cookies do not tell ports apart
  std::string role;       // central, national
  std::string zone;       // edge, all
  int port = 0;           // public side
  int internal_port = 0;  // where the data zone calls; 0: none
  std::string url() const { return "https://" + address + ":" + std::to_string(port); }
};

class network {
 public:
  explicit network(options const& how);
  ~network();

  bool lacks_health_data() const;          // prepare() will have to make some
  void prepare();                          // folders, keys, configurations, health data: what is missing
  void start(std::string const& process);  // EU, FR, FR-data, FI, DK, platform; returns when it is ready
  void start_all_but(std::vector<std::string> const& left_out);
  void kill(std::string const& process);  // the power goes off
  void end_all();
  bool is_running(std::string const& process);
  // A sentence for each process that ended without us since the last call, with the command that starts it again.
  std::vector<std::string> ended_by_themselves();
  bool is_meant_to_run(std::string const& process);  // started and not killed by us

  planned_node const& node(std::string const& id) const { return nodes_.at(id); }
  std::vector<std::string> countries() const { return {"FR", "FI", "DK"}; }
  // An account of a node: "screener", "assessor", "decider", "preparer", "releaser", "editor", "operator", "auditor";
  // at the centre also "researcher". An empty one is a member of the public.
  rest& as(std::string const& id, std::string const& account);
  rest& platform();
  http_call& wire() { return *wire_; }
  std::filesystem::path folder_of(std::string const& process) const { return how_.folder / process; }
  std::filesystem::path health_data(std::string const& country) const {
    return how_.folder / "health_data" / (country + ".sqlite");
  }
  std::filesystem::path file(std::string const& relative) const { return how_.source / "node/demo" / relative; }
  options const& how() const { return how_; }
  // The story is told again on the same stores (--keep): what it names itself must be new each time.
  std::string of_this_run(std::string const& name) const {
    return run_ == 1 ? name : name + "." + std::to_string(run_);
  }

  void advance_clock(int days);  // on every node
  void check_mishap();           // throws when a planned one did not happen

 private:
  void count_runs();
  void make_keys();
  bool has_health_data(std::string const& country) const;  // of as many persons as are asked for
  void make_health_data();
  void write_configurations();
  void write_agreements(planned_node const& node);
  void write_configuration(planned_node const& node);
  void write_zone_configuration();
  nlohmann::json health_data_section(std::string const& country) const;
  std::string policy_pack_of(std::string const& country) const;
  void connect();
  std::vector<std::string> command_of(std::string const& process) const;
  void launch(std::string const& process);
  void start_again_after_mishap(std::stop_token const& ended);

  options how_;
  folder_lock lock_;
  std::map<std::string, planned_node> nodes_;
  int platform_port_ = 0;
  int run_ = 1;       // since the stores were empty
  std::mutex guard_;  // of what follows up to the mishap
  std::map<std::string, process> running_;
  std::optional<mishap> planned_;
  bool is_armed_ = false;
  bool has_happened_ = false;
  http::io_thread io_;
  std::unique_ptr<http::client> wire_;
  std::map<std::string, std::unique_ptr<rest>> people_;
  std::jthread watch_;  // for the mishap; a child dies with the thread that started it, so this one stays to the end
};

inline constexpr char const* demo_password = "demonstration-only";

}  // namespace ehds::node::demo
