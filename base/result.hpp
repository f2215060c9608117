#pragma once
// result<T>: a value, or the problem that the caller's input caused. Exceptions are left for a
// broken world. A thin class over std::expected because libstdc++ 12 lacks the monadic members
// and does not warn when a result is dropped.
#include <concepts>
#include <expected>
#include <functional>
#include <type_traits>
#include <utility>

#include "base/problem.hpp"

namespace ehds {

template <class T>
class [[nodiscard]] result {
 public:
  using value_type = T;

  template <class U = T>
    requires std::constructible_from<T, U&&> && (!std::same_as<std::remove_cvref_t<U>, result>) &&
             (!std::same_as<std::remove_cvref_t<U>, problem>)
  result(U&& value) : held_(std::in_place, std::forward<U>(value)) {}
  result(problem p) : held_(std::unexpect, std::move(p)) {}

  explicit operator bool() const { return held_.has_value(); }
  bool has_value() const { return held_.has_value(); }

  T& operator*() & { return *held_; }
  T const& operator*() const& { return *held_; }
  T&& operator*() && { return *std::move(held_); }
  T* operator->() { return &*held_; }
  T const* operator->() const { return &*held_; }

  // Throws std::bad_expected_access when there is no value: for tests and for cases already checked.
  T& value() & { return held_.value(); }
  T const& value() const& { return held_.value(); }
  T&& value() && { return std::move(held_).value(); }

  problem const& error() const& { return held_.error(); }
  problem&& error() && { return std::move(held_).error(); }

  template <class U>
  T value_or(U&& other) const& {
    return held_.has_value() ? *held_ : static_cast<T>(std::forward<U>(other));
  }

  // f: T -> result<U>
  template <class F>
  auto and_then(F&& f) && -> std::invoke_result_t<F, T&&> {
    if (held_) return std::invoke(std::forward<F>(f), *std::move(held_));
    return std::move(held_).error();
  }
  // f: T -> U
  template <class F>
  auto transform(F&& f) && -> result<std::invoke_result_t<F, T&&>> {
    if (held_) return std::invoke(std::forward<F>(f), *std::move(held_));
    return std::move(held_).error();
  }
  // f: problem -> result<T>
  template <class F>
  result or_else(F&& f) && {
    if (held_) return std::move(*this);
    return std::invoke(std::forward<F>(f), std::move(held_).error());
  }

 private:
  std::expected<T, problem> held_;
};

template <>
class [[nodiscard]] result<void> {
 public:
  using value_type = void;
  result() = default;
  result(problem p) : held_(std::unexpect, std::move(p)) {}

  explicit operator bool() const { return held_.has_value(); }
  bool has_value() const { return held_.has_value(); }
  void value() const { held_.value(); }
  problem const& error() const& { return held_.error(); }
  problem&& error() && { return std::move(held_).error(); }

  template <class F>
  auto and_then(F&& f) && -> std::invoke_result_t<F> {
    if (held_) return std::invoke(std::forward<F>(f));
    return std::move(held_).error();
  }

 private:
  std::expected<void, problem> held_;
};

}  // namespace ehds
