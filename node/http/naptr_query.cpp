#include "node/http/naptr_query.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>

#include <array>
#include <charconv>
#include <memory>

namespace ehds::node::http {

namespace {

constexpr std::size_t largest_question = 512;
constexpr std::size_t largest_answer = 65'535;
// RFC 6891: an answer of up to 1232 bytes may come, which no network has to cut into pieces.
constexpr std::string_view extended{"\0\0\x29\x04\xd0\0\0\0\0\0\0", 11};
constexpr unsigned not_understood = 1;  // what servers say to it that know RFC 1035 only

// The resolver of the C library with a state of its own, so that threads do not meet.
struct resolver {
  struct __res_state state{};
  resolver() { is_ready = res_ninit(&state) == 0; }
  ~resolver() {
    if (is_ready) res_nclose(&state);
  }
  resolver(resolver const&) = delete;
  resolver& operator=(resolver const&) = delete;
  bool is_ready = false;
};

// By UDP alone: the C library reads an answer by TCP without any limit of time.
result<std::string> exchange_by_udp(resolver& with, std::string question, problem const& silent) {
  with.state.options |= RES_IGNTC;
  with.state.options &= ~static_cast<unsigned long>(RES_USEVC);
  std::string answer(largest_answer, '\0');
  int const size =
      res_nsend(&with.state, reinterpret_cast<unsigned char const*>(question.data()), static_cast<int>(question.size()),
                reinterpret_cast<unsigned char*>(answer.data()), static_cast<int>(answer.size()));
  if (size < NS_HFIXEDSZ) return silent;
  answer.resize(static_cast<std::size_t>(size));
  return answer;
}

std::string with_extension(std::string question) {
  question[11] = 1;  // ARCOUNT
  return question.append(extended);
}

}  // namespace

result<naptr_query> naptr_query::make(std::string_view server) {
  if (server.empty()) return naptr_query(std::nullopt);
  auto const colon = server.find(':');
  address told{std::string(server.substr(0, colon)), 53};
  in_addr parsed{};
  bool good = inet_pton(AF_INET, told.host.c_str(), &parsed) == 1;
  if (colon != std::string_view::npos) {
    auto const* const end = server.data() + server.size();
    auto const read = std::from_chars(server.data() + colon + 1, end, told.port);
    good = good && read.ec == std::errc() && read.ptr == end && told.port != 0;
  }
  if (good) return naptr_query(std::move(told));
  return problem{"config.dns_server", "The DNS server is no IPv4 address with or without a port.",
                 std::string(server.substr(0, 100)), "Write it like 10.0.0.53 or 127.0.0.1:5353."};
}

result<std::string> naptr_query::ask(std::string const& name) const {
  problem const silent{"dns.unreachable", "No DNS server answered.", name, "Check the DNS servers of this machine."};
  resolver own;
  if (!own.is_ready) return silent;
  own.state.retrans = 2;  // seconds, then longer
  own.state.retry = 3;
  if (server_) {
    own.state.nscount = 1;
    auto& first = own.state.nsaddr_list[0];
    first = {};
    first.sin_family = AF_INET;
    first.sin_port = htons(server_->port);
    inet_pton(AF_INET, server_->host.c_str(), &first.sin_addr);
  }
  std::array<unsigned char, largest_question> space{};
  int const asked = res_nmkquery(&own.state, ns_o_query, name.c_str(), ns_c_in, ns_t_naptr, nullptr, 0, nullptr,
                                 space.data(), static_cast<int>(space.size()));
  if (asked < 0) return silent;
  std::string const question(reinterpret_cast<char const*>(space.data()), static_cast<std::size_t>(asked));
  auto answer = exchange_by_udp(own, with_extension(question), silent);
  if (answer && (static_cast<unsigned char>(answer->at(3)) & 15U) == not_understood)
    return exchange_by_udp(own, question, silent);
  return answer;
}

}  // namespace ehds::node::http
