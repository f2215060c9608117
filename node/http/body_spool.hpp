#pragma once
// Where a route puts bodies that are too large for memory: the server writes them as they come, the handler reads them
// where they lie. The route's owner makes it and says what becomes of it; when nobody keeps it, what was written goes
// with it. Written and read on worker threads, by one at a time.
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/byte_source.hpp"

namespace ehds::node::http {

class body_spool {
 public:
  virtual ~body_spool() = default;
  virtual byte_sink& sink() = 0;
  virtual byte_source const& source() const = 0;
};

// A problem means "not now": the request is answered 503.
using spool_maker = std::function<result<std::unique_ptr<body_spool>>()>;

inline constexpr std::size_t spool_from = 256 * 1024;  // smaller bodies stay in memory

}  // namespace ehds::node::http
