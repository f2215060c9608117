#pragma once
// A session that waits for a job on a worker without keeping the I/O thread. Known inside node/http alone.
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>

namespace ehds::node::http {

// What the job returned; nothing when no worker is free. `offload` runs a job elsewhere, or says false.
template <class Made>
boost::asio::awaitable<std::optional<Made>> on_worker(std::function<bool(std::function<void()>)> const& offload,
                                                      std::function<Made()> const& job) {
  namespace asio = boost::asio;
  auto const initiation = [&offload, &job](auto completion) {
    auto done = std::make_shared<decltype(completion)>(std::move(completion));
    auto const executor = asio::get_associated_executor(*done);
    auto const finish = [done, executor](std::optional<Made> made) {
      asio::post(executor, [done, made = std::move(made)]() mutable { (*done)(std::move(made)); });
    };
    auto const task = [&job, finish, keep_running = asio::make_work_guard(executor)] { finish(job()); };
    if (!offload(task)) finish(std::nullopt);
  };
  auto made = co_await asio::async_initiate<asio::use_awaitable_t<> const, void(std::optional<Made>)>(
      initiation, asio::use_awaitable);
  co_return made;
}

}  // namespace ehds::node::http
