#pragma once
// Connections that wait for the next call to the same server. Belongs to the I/O thread.
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "node/http/byte_stream.hpp"

namespace ehds::node::http {

class kept_connections {
 public:
  kept_connections(std::size_t per_host, std::chrono::milliseconds idle_for)
      : per_host_(per_host), idle_for_(idle_for) {}

  // The one used last that is still open; none when there is none.
  std::unique_ptr<byte_stream> take(std::string const& host, instant now) {
    forget_old(now);
    auto const found = hosts_.find(host);
    if (found == hosts_.end()) return nullptr;
    std::unique_ptr<byte_stream> fit;
    while (!fit && !found->second.empty()) {
      if (found->second.back().stream->quiet()) fit = std::move(found->second.back().stream);
      found->second.pop_back();
    }
    if (found->second.empty()) hosts_.erase(found);
    return fit;
  }

  void keep(std::string const& host, std::unique_ptr<byte_stream> stream, instant now) {
    if (per_host_ == 0 || closed_) return;
    auto& waiting = hosts_[host];
    waiting.push_back({std::move(stream), now});
    if (waiting.size() > per_host_) waiting.pop_front();
  }

  void close_all() {
    closed_ = true;
    hosts_.clear();
  }

 private:
  struct one {
    std::unique_ptr<byte_stream> stream;
    instant since;
  };

  void forget_old(instant now) {
    for (auto& [host, waiting] : hosts_)
      while (!waiting.empty() && now - waiting.front().since > idle_for_) waiting.pop_front();
    std::erase_if(hosts_, [](auto const& h) { return h.second.empty(); });
  }

  std::size_t const per_host_;
  std::chrono::milliseconds const idle_for_;
  std::map<std::string, std::deque<one>> hosts_;
  bool closed_ = false;
};

}  // namespace ehds::node::http
