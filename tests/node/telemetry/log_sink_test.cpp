// The queue between who logs and who reads, against real pipes.
#include "node/telemetry/log_sink.hpp"

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <future>
#include <sstream>
#include <vector>

#include "faulty_writes.hpp"
#include "node/telemetry/log.hpp"
#include "node/telemetry/unread_pipe.hpp"

using namespace ehds;
using namespace ehds::node::telemetry;
using namespace ehds::tests;
using namespace std::chrono_literals;

namespace {

std::string lost_line(std::uint64_t lost) { return "lost " + std::to_string(lost) + "\n"; }

std::string numbered(int number) { return "line " + std::to_string(number) + "\n"; }

std::vector<std::string> text_lines(std::string const& text) {
  std::vector<std::string> lines;
  std::istringstream all(text);
  for (std::string line; std::getline(all, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("lines come out in their order, and all of them before the end") {
  unread_pipe pipe;
  auto read = std::async(std::launch::async, [&] { return pipe.read_all(); });
  std::string expected;
  {
    log_sink sink(pipe.writer(), lost_line, {10'000, 1'000'000});
    for (int i = 0; i < 5'000; ++i) {
      sink.add(numbered(i));
      expected += numbered(i);
    }
    CHECK(sink.dropped() == 0);
  }
  pipe.close_writer();
  CHECK(read.get() == expected);
}

TEST_CASE("lines come out whole although their writes are interrupted and short") {
  unread_pipe pipe;
  auto read = std::async(std::launch::async, [&] { return pipe.read_all(); });
  std::string expected;
  {
    faulty_writes const faults;
    log_sink sink(pipe.writer(), lost_line);
    for (int i = 0; i < 200; ++i) {
      sink.add(numbered(i));
      expected += numbered(i);
    }
    CHECK(sink.flush(10s));
    CHECK(sink.dropped() == 0);
  }
  pipe.close_writer();
  CHECK(read.get() == expected);
}

TEST_CASE("a reader who reads nothing stops nobody; how many lines it cost is told when it reads again") {
  struct room_case {
    queue_room room;
    std::size_t least;  // lines that wait; the one that is being written may be one more
  };
  for (auto const& [room, least] : {room_case{{10, 1'000'000}, 10}, room_case{{1'000, 70}, 9}}) {
    unread_pipe pipe;
    auto const filled = pipe.fill();
    std::future<std::string> read;
    std::uint64_t lost = 0;
    {
      log_sink sink(pipe.writer(), lost_line, room);
      for (int i = 0; i < 300; ++i) sink.add(numbered(i));
      lost = sink.dropped();
      CHECK(lost > 280);
      CHECK_FALSE(sink.flush(0ms));
      read = std::async(std::launch::async, [&] { return pipe.read_all(); });
      CHECK(sink.flush(20s));
      sink.add("after\n");
      CHECK(sink.flush(20s));
      CHECK(sink.dropped() == lost);
    }
    pipe.close_writer();
    auto const lines = text_lines(read.get().substr(filled));
    auto const kept = 300 - lost;
    REQUIRE(lines.size() == kept + 2);
    CHECK(kept >= least);
    CHECK(kept <= least + 1);
    for (std::size_t i = 0; i < least; ++i) CHECK(lines[i] + "\n" == numbered(static_cast<int>(i)));
    // Perhaps one more, of those that came when the thread had taken the first: room was there again.
    for (std::size_t i = least; i < kept; ++i) CHECK(std::stoi(lines[i].substr(5)) >= static_cast<int>(i));
    CHECK(lines[kept] + "\n" == lost_line(lost));
    CHECK(lines.back() == "after");
  }
}

TEST_CASE("a reader who is gone costs the lines and nothing else") {
  unread_pipe pipe;
  pipe.close_reader();
  log_sink sink(pipe.writer(), lost_line);
  sink.add("one\n");
  sink.add("two\n");
  CHECK(sink.flush(20s));
  CHECK(sink.dropped() == 2);
}

TEST_CASE("an end before a reader who reads nothing is an end all the same") {
  unread_pipe pipe;
  pipe.fill();
  auto const began = std::chrono::steady_clock::now();
  {
    log_sink sink(pipe.writer(), lost_line);
    sink.add("the last words\n");
  }
  CHECK(std::chrono::steady_clock::now() - began < 10s);
}

TEST_CASE("nothing was logged: nothing to wait for") {
  unread_pipe pipe;
  log_sink sink(pipe.writer(), lost_line);
  CHECK(sink.flush(0ms));
}

TEST_CASE("a forked process has no thread of the log's: it writes its lines by itself, and ends") {
  unread_pipe pipe;
  log_sink sink(pipe.writer(), lost_line);
  sink.add("of the parent\n");
  REQUIRE(sink.flush(20s));
  auto const child = ::fork();
  if (child == 0) {
    sink.add("of the child\n");
    bool const done = sink.flush(0ms);
    sink.~log_sink();
    ::_exit(done ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(pipe.read_until("child\n") == "of the parent\nof the child\n");
}

TEST_CASE("the log says in a line of its own how many lines nobody read") {
  manual_clock const now(parse_rfc3339("2026-11-22T12:00:00Z").value());
  unread_pipe pipe;
  pipe.fill();
  node::telemetry::log log(now, level::info, pipe.writer(), {1, 1'000'000});
  for (int i = 0; i < 10; ++i) log.write(level::info, "said", {{"number", i}});
  auto const lost = log.dropped();
  CHECK(lost >= 8);
  CHECK_FALSE(log.flush(0ms));
  auto const text = pipe.read_until("Nobody read the log.\"}\n");
  CHECK(text.find("\"event\":\"said\",\"number\":0}\n") != std::string::npos);
  CHECK(
      text.ends_with("{\"time\":\"2026-11-22T12:00:00.000Z\",\"level\":\"warning\",\"event\":\"log.lines_dropped\","
                     "\"lines\":" +
                     std::to_string(lost) + ",\"detail\":\"Nobody read the log.\"}\n"));
  CHECK(log.flush(20s));
}
