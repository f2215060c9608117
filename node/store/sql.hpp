#pragma once
// The only way to say a statement: a literal known when the program was compiled. A text built at run time does not
// convert to `sql`, so no input can ever become a statement. Values travel beside it, as `bound`.
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/time.hpp"

namespace ehds::node::store {

class sql {
 public:
  template <std::size_t length>
  // NOLINTNEXTLINE: a literal is meant to convert
  consteval sql(char const (&text)[length]) : text_(text, length - 1) {}

  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Bytes that are stored as a BLOB rather than as TEXT. The view must live until the statement has run.
struct blob {
  std::string_view bytes;
};

// One value for one "?". Views must live until the statement has run. An empty optional is NULL; an instant is its
// milliseconds since 1970, as INTEGER; a bool is 0 or 1.
class bound {
 public:
  using held = std::variant<std::monostate, std::int64_t, double, std::string_view, blob>;

  bound(std::nullptr_t) {}
  bound(std::nullopt_t) {}
  template <std::integral Number>
  bound(Number value) : held_(static_cast<std::int64_t>(value)) {}
  bound(double value) : held_(value) {}
  bound(instant at) : held_(static_cast<std::int64_t>(at.time_since_epoch().count())) {}
  bound(blob bytes) : held_(bytes) {}
  template <class Text>
    requires std::convertible_to<Text const&, std::string_view> && (!std::is_same_v<Text, std::nullptr_t>)
  bound(Text const& text) : held_(std::string_view(text)) {}
  template <class Value>
  bound(std::optional<Value> const& value) {
    if (value) held_ = bound(*value).held_;
  }

  held const& get() const { return held_; }

 private:
  held held_;
};

}  // namespace ehds::node::store
