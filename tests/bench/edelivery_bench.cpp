// What a message costs. Without words: the floor of the primitives beside packing, sealing and opening in one process.
// With words, for conformance/edelivery/benchmark.py: `load ...` sends to a running access point and checks each
// receipt, `pour ...` has its messages ready before the clock starts and checks the receipts after it stopped, `receive
// ...` is an access point without a house, `floor SUITE SIZE COUNT` does the primitives alone, `payload SIZE FILE`
// writes what is sent. One JSON each.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "bench/message_floor.hpp"
#include "bench/plain_http.hpp"
#include "edelivery/message/open.hpp"
#include "edelivery/message/pack.hpp"
#include "edelivery/pmode/read_pmodes.hpp"
#include "edelivery/receiver/receiver.hpp"

namespace {

using namespace ehds;
using namespace ehds::edelivery;

// User and system time of this process, seconds.
double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto const seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int floor(std::string const& suite, std::size_t size, int count) {
  bench::message_floor one(suite, bench::sample_text(size));
  one.round_trip();
  double const begin = processor_seconds();
  for (int i = 0; i < count; ++i) one.round_trip();
  std::printf("{\"processor_ms\": %.4f, \"packed_bytes\": %zu}\n", (processor_seconds() - begin) * 1000 / count,
              one.packed_bytes());
  return 0;
}

struct load_order {
  pmode mode;
  access_point us;
  std::string payload;
  int count = 1;
  int threads = 1;
};

// Empty when the receipt is good.
std::string send_one(load_order const& order, http_call& wire) {
  system_clock const time;
  auto const packed = pack({.action = "validationResult", .payloads = {{"application/octet-stream", order.payload}}},
                           order.mode, order.us, time.now());
  if (!packed) return packed.error().detail;
  auto const references = references_of(*packed);
  auto sealed = seal(*packed, order.mode, time.now());
  if (!sealed) return sealed.error().detail;
  auto const answer = wire.call({.method = "POST",
                                 .url = order.mode.address,
                                 .headers = {{"Content-Type", sealed->content_type}},
                                 .body = std::move(sealed->body),
                                 .timeout = std::chrono::minutes(30)});
  if (!answer) return answer.error().detail;
  auto const signal = open_signal(answer->header("Content-Type"), answer->body, order.mode, time.now());
  if (!signal) return signal.error().diagnosis.detail;
  auto const* const got = std::get_if<receipt>(&signal->content);
  if (got == nullptr) return "answered by " + std::get<error_signal>(signal->content).errors.front().code;
  auto const good = check_receipt(*got, packed->message_id, *references);
  return good ? "" : good.error().detail;
}

int load(load_order const& order) {
  std::mutex guard;
  std::string failure;
  int failed = 0;
  double const cpu = processor_seconds();
  double const wall = wall_seconds();
  std::vector<std::jthread> senders;
  for (int t = 0; t < order.threads; ++t)
    senders.emplace_back([&, t] {
      bench::plain_client wire;
      for (int i = t; i < order.count; i += order.threads)
        if (auto why = send_one(order, wire); !why.empty()) {
          std::scoped_lock const lock(guard);
          failure = std::move(why);
          ++failed;
        }
    });
  senders.clear();  // joins
  if (failed > 0) std::cerr << "bench_edelivery: " << failed << " failed: " << failure << '\n';
  std::printf("{\"processor_ms\": %.4f, \"wall_s\": %.4f, \"failed\": %d}\n",
              (processor_seconds() - cpu) * 1000 / order.count, wall_seconds() - wall, failed);
  return failed == 0 ? 0 : 1;
}

struct ready_message {
  std::string id;
  std::vector<signed_reference> references;
  wire_message sealed;
  result<http_call_response> answer = http_call_response{};
};

ready_message make_ready(load_order const& order) {
  auto const packed = pack({.action = "validationResult", .payloads = {{"application/octet-stream", order.payload}}},
                           order.mode, order.us, system_clock().now())
                          .value();
  return {packed.message_id, references_of(packed).value(), seal(packed, order.mode, system_clock().now()).value()};
}

bool is_acknowledged(ready_message const& sent, pmode const& mode) {
  if (!sent.answer) return false;
  auto const signal = open_signal(sent.answer->header("Content-Type"), sent.answer->body, mode, system_clock().now());
  auto const* const got = signal ? std::get_if<receipt>(&signal->content) : nullptr;
  return got != nullptr && check_receipt(*got, sent.id, sent.references);
}

// The sender costs next to nothing while the clock runs: what is seen is the receiver.
int pour(load_order const& order) {
  std::vector<ready_message> all;
  for (int i = 0; i < order.count; ++i) all.push_back(make_ready(order));
  double const cpu = processor_seconds();
  double const wall = wall_seconds();
  {
    std::vector<std::jthread> senders;
    for (int t = 0; t < order.threads; ++t)
      senders.emplace_back([&, t] {
        bench::plain_client wire;
        for (auto i = static_cast<std::size_t>(t); i < all.size(); i += static_cast<std::size_t>(order.threads))
          all[i].answer = wire.call({.method = "POST",
                                     .url = order.mode.address,
                                     .headers = {{"Content-Type", all[i].sealed.content_type}},
                                     .body = std::move(all[i].sealed.body),
                                     .timeout = std::chrono::minutes(1)});
      });
  }
  double const took = wall_seconds() - wall;
  double const used = processor_seconds() - cpu;
  auto const failed = std::ranges::count_if(all, [&](auto const& each) { return !is_acknowledged(each, order.mode); });
  std::printf("{\"processor_ms\": %.4f, \"wall_s\": %.4f, \"failed\": %d}\n", used * 1000 / order.count, took,
              static_cast<int>(failed));
  return failed == 0 ? 0 : 1;
}

// The access point with the least around it: what came and its receipt are in a file, and that is on disk, before the
// receipt leaves. Prints its port first.
int receive(load_order const& order, std::string const& file) {
  pmode_book const book(std::vector<pmode>{order.mode});
  system_clock const time;
  receiver const door(book, order.us, time);
  int const kept = ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  auto const keep = [&](std::string_view bytes) {
    while (!bytes.empty()) {
      auto const written = ::write(kept, bytes.data(), bytes.size());
      if (written <= 0) throw std::runtime_error("the file takes no more");
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  };
  bench::serve(
      [&](bench::plain_message const& got) -> bench::plain_message {
        auto const arrival = door.examine(got.content_type, got.body);
        if (!arrival.message) return {arrival.answer.content_type, arrival.answer.body};
        for (auto const& part : arrival.message->parts) keep(part.bytes);
        keep(arrival.answer.body);
        if (::fdatasync(kept) != 0) throw std::runtime_error("the disk took nothing");
        auto const reply = door.conclude(arrival, {});
        return {reply.content_type, reply.body};
      },
      [](int port) {
        std::printf("%d\n", port);
        std::fflush(stdout);
      });
  return 0;
}

// Of any size, which read_file() is not for.
std::string read_payload(std::string const& file) {
  std::string all(file == "/dev/null" ? 0 : std::filesystem::file_size(file), '\0');
  std::ifstream(file, std::ios::binary).read(all.data(), static_cast<std::streamsize>(all.size()));
  return all;
}

load_order read_order(std::string const& pmodes, std::string const& keys, std::string const& payload) {
  auto const read = [](std::string const& file) -> result<std::string> {
    if (auto bytes = read_file(file)) return *std::move(bytes);
    return problem{"bench.file", file + " cannot be read", file, "make it first"};
  };
  auto const book = read_pmodes(read(pmodes).value(), read);
  if (!book) throw std::runtime_error(to_text(book.error().front()));
  access_point const us{load_credentials(keys + "/sign.pem", keys + "/sign.key").value(),
                        {load_credentials(keys + "/encrypt.pem", keys + "/encrypt.key").value()},
                        "bench.example"};
  return {book->all().front(), us, read_payload(payload)};
}

int floors() {
  std::printf("%-8s %10s %14s %12s\n", "suite", "payload", "floor ms", "packed");
  for (auto const* suite : {"rsa", "eddsa", "ecdsa"})
    for (std::size_t const size : {std::size_t{1} << 10, std::size_t{10} << 10, std::size_t{1} << 20}) {
      bench::message_floor one(suite, bench::sample_text(size));
      double const begin = processor_seconds();
      int const count = size > 100'000 ? 10 : 50;
      for (int i = 0; i < count; ++i) one.round_trip();
      std::printf("%-8s %7zu kB %14.3f %12zu\n", suite, size >> 10, (processor_seconds() - begin) * 1000 / count,
                  one.packed_bytes());
    }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  std::vector<std::string> const given(words + 1, words + count);
  try {
    if (given.empty()) return floors();
    if (given.size() == 4 && given[0] == "floor") return floor(given[1], std::stoul(given[2]), std::stoi(given[3]));
    if (given.size() == 3 && given[0] == "payload") {
      std::ofstream(given[2], std::ios::binary) << bench::sample_text(std::stoul(given[1]));
      return 0;
    }
    if (given.size() == 4 && given[0] == "receive")
      return receive(read_order(given[1], given[2], "/dev/null"), given[3]);
    if (given.size() == 6 && (given[0] == "load" || given[0] == "pour")) {
      auto order = read_order(given[1], given[2], given[3]);
      order.count = std::stoi(given[4]);
      order.threads = std::stoi(given[5]);
      return given[0] == "load" ? load(order) : pour(order);
    }
  } catch (std::exception const& broken) {
    std::cerr << "bench_edelivery: " << broken.what() << '\n';
    return 2;
  }
  std::cerr
      << "usage: bench_edelivery [load|pour PMODES KEYS PAYLOAD COUNT THREADS | floor SUITE SIZE COUNT | payload SIZE "
         "FILE]\n";
  return 2;
}
