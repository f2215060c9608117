#pragma once
// How this room waits for Asio: the fault comes beside the outcome, nothing is thrown. Known inside node/http alone.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ehds::node::http {

inline constexpr auto await_tuple = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace ehds::node::http
