#include "node/http/body_feed.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

namespace ehds::node::http {

namespace asio = boost::asio;

namespace {

problem given_up() { return {"http_call.timeout", "The body could not be sent in time.", "", "Try again later."}; }

result<std::string> made(streamed_body const& body) {
  std::string what = "unknown exception";
  try {
    auto const piece = body.next();
    if (!piece) return piece.error();
    return std::string{*piece};
  } catch (std::exception const& e) {
    what = e.what();
  }
  return problem{"http_call.body", "The body cannot be made: " + what + ".", "", ""};
}

}  // namespace

asio::awaitable<result<std::string>> body_feed::take() {
  auto const initiation = [this](auto completion) {
    auto done = std::make_shared<decltype(completion)>(std::move(completion));
    auto const executor = asio::get_associated_executor(*done);
    auto give = [done, executor, keep_running = asio::make_work_guard(executor)](result<std::string> piece) {
      asio::post(executor, [done, piece = std::move(piece)]() mutable { (*done)(std::move(piece)); });
    };
    std::unique_lock lock(mutex_);
    if (is_over_) {
      lock.unlock();
      give(given_up());
      return;
    }
    asked_ = std::move(give);
    wake_.notify_all();
  };
  auto piece = co_await asio::async_initiate<asio::use_awaitable_t<> const, void(result<std::string>)>(
      initiation, asio::use_awaitable);
  co_return piece;
}

void body_feed::finish() {
  std::lock_guard const lock(mutex_);
  is_over_ = true;
  wake_.notify_all();
}

void body_feed::serve(streamed_body const& body, std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  while (wake_.wait_until(lock, until, [this] { return is_over_ || asked_; }) && !is_over_) {
    auto const give = std::exchange(asked_, nullptr);
    lock.unlock();
    give(made(body));
    lock.lock();
  }
  is_over_ = true;
  if (auto const give = std::exchange(asked_, nullptr)) give(given_up());
}

}  // namespace ehds::node::http
