#include "node/http/calling_thread.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

namespace ehds::node::http {

namespace asio = boost::asio;

namespace {

problem given_up() { return {"http_call.timeout", "The call's time was over before its body was.", "", "Try again."}; }

result<std::string> carried_out(calling_thread::job const& what) {
  std::string why = "unknown exception";
  try {
    return what();
  } catch (std::exception const& e) {
    why = e.what();
  }
  return problem{"http_call.body", "The body cannot be made or kept: " + why + ".", "", ""};
}

}  // namespace

asio::awaitable<result<std::string>> calling_thread::run(job what) {
  auto const initiation = [this, &what](auto completion) {
    auto done = std::make_shared<decltype(completion)>(std::move(completion));
    auto const executor = asio::get_associated_executor(*done);
    auto give = [done, executor, keep_running = asio::make_work_guard(executor)](result<std::string> made) {
      asio::post(executor, [done, made = std::move(made)]() mutable { (*done)(std::move(made)); });
    };
    std::unique_lock lock(mutex_);
    if (is_over_) {
      lock.unlock();
      give(given_up());
      return;
    }
    asked_ = wish{std::move(what), std::move(give)};
    wake_.notify_all();
  };
  auto made = co_await asio::async_initiate<asio::use_awaitable_t<> const, void(result<std::string>)>(
      initiation, asio::use_awaitable);
  co_return made;
}

void calling_thread::finish() {
  std::lock_guard const lock(mutex_);
  is_over_ = true;
  wake_.notify_all();
}

void calling_thread::serve(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  while (wake_.wait_until(lock, until, [this] { return is_over_ || asked_; }) && !is_over_) {
    auto const one = std::exchange(asked_, std::nullopt);
    lock.unlock();
    one->give(carried_out(one->what));
    lock.lock();
  }
  is_over_ = true;
  if (auto const one = std::exchange(asked_, std::nullopt)) one->give(given_up());
}

}  // namespace ehds::node::http
