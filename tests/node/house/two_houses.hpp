#pragma once
// The centre and France in this process, each with its own folder, store and door on loopback HTTPS, agreed by P-Modes.
#include <map>
#include <memory>
#include <string>

#include "node/house/one_house.hpp"

namespace ehds::tests {

class two_houses {
 public:
  explicit two_houses(
      std::function<void(node::config::configuration&)> change = [](auto&) {},
      std::function<void(nlohmann::json& pmode)> agree = [](auto&) {});
  ~two_houses();

  one_house& eu() { return *houses_.at("EU"); }
  one_house& fr() { return *houses_.at("FR"); }
  std::filesystem::path folder(std::string const& id) const { return folder_.path() / id; }

  // Publishes a record of France and waits for the centre's verdict; returns the message id.
  std::string publish(std::string const& dataset);
  std::string raw_at_centre(std::string const& message);  // the bytes as they came, with their Content-Type in front
  std::string write_config(std::string const& id);        // for the program's verbs; returns the file
  void stop();                                            // both
  void stop(std::string const& id);
  void start(std::string const& id);

 private:
  nlohmann::json pmode(std::string const& us, std::string const& partner) const;
  void settle(node::config::configuration& settings, std::string const& id);

  std::function<void(node::config::configuration&)> change_;
  std::function<void(nlohmann::json&)> agree_;
  fresh_folder folder_;
  std::map<std::string, int> ports_;
  std::map<std::string, std::unique_ptr<one_house>> houses_;
};

// Looks again until it is so, at most ten seconds; false when it never was.
bool soon(std::function<bool()> const& is_so);

}  // namespace ehds::tests
