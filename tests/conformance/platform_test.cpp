// The demo's platform: same key, same answer, whatever happens in between.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bit>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "conformance/platform/tiny_http.hpp"

using namespace ehds;
using namespace ehds::conformance::platform;

namespace {

struct fresh_folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("ehds-platform-" + random_uuid());
  fresh_folder() = default;
  fresh_folder(fresh_folder const&) = delete;
  fresh_folder& operator=(fresh_folder const&) = delete;
  ~fresh_folder() { std::filesystem::remove_all(path); }
};

manual_clock const noon{parse_rfc3339("2026-03-02T12:00:00.000Z").value()};

plain_response post(handover_folder& kept, std::string const& key, std::string const& body) {
  return answer({"POST", "/handovers", key, body}, kept, noon);
}

// One exchange over a real socket; everything that came back.
std::string exchange(int port, std::string const& bytes) {
  int const to = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, "127.0.0.1", &name.sin_addr);
  REQUIRE(::connect(to, std::bit_cast<sockaddr const*>(&name), sizeof name) == 0);
  REQUIRE(::send(to, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  std::string got;
  char block[4096];
  for (ssize_t count = 0; (count = ::recv(to, block, sizeof block, 0)) > 0;)
    got.append(block, static_cast<std::size_t>(count));
  ::close(to);
  return got;
}

}  // namespace

TEST_CASE("a hand-over is kept and answered with a receipt for its bytes") {
  fresh_folder const folder;
  handover_folder kept{folder.path};

  auto const response = post(kept, "key-1", R"({"id":"ho-1"})");

  CHECK(response.status == 201);
  CHECK(response.body == R"({"receipt_id":"receipt-000001","sha256":")" + sha256_hex(R"({"id":"ho-1"})") +
                             R"(","received_at":"2026-03-02T12:00:00.000Z"})");
}

TEST_CASE("the same key gets the same answer, also after a restart") {
  fresh_folder const folder;
  std::string first;
  {
    handover_folder kept{folder.path};
    first = post(kept, "key-1", R"({"id":"ho-1"})").body;
    auto const again = post(kept, "key-1", R"({"id":"ho-1"})");
    CHECK(again.status == 200);
    CHECK(again.body == first);
  }

  handover_folder reopened{folder.path};

  CHECK(post(reopened, "key-1", R"({"id":"ho-1"})").body == first);
  CHECK(post(reopened, "key-2", R"({"id":"ho-2"})").body.find("receipt-000002") != std::string::npos);
  CHECK(reopened.all().size() == 2);
}

TEST_CASE("a key with other content is refused and changes nothing") {
  fresh_folder const folder;
  handover_folder kept{folder.path};
  post(kept, "key-1", R"({"id":"ho-1"})");

  CHECK(post(kept, "key-1", R"({"id":"changed"})").status == 409);
  CHECK(kept.all().front().body == R"({"id":"ho-1"})");
}

TEST_CASE("what was half kept when the power went is not kept") {
  fresh_folder const folder;
  std::filesystem::create_directories(folder.path / "abc.part");
  std::ofstream{folder.path / "abc.part" / "key"} << "key-1";

  handover_folder kept{folder.path};

  CHECK(kept.all().empty());
  CHECK_FALSE(std::filesystem::exists(folder.path / "abc.part"));
}

TEST_CASE("keys that are paths stay names, and keys or bodies that are none are refused") {
  fresh_folder const folder;
  handover_folder kept{folder.path};

  CHECK(post(kept, "../../etc/passwd", "{}").status == 201);
  CHECK(post(kept, "", "{}").status == 400);
  CHECK(post(kept, "a b", "{}").status == 400);
  CHECK(post(kept, std::string(201, 'k'), "{}").status == 400);
  CHECK(post(kept, "k", "").status == 400);
  CHECK(post(kept, "k", "[]").status == 400);
  CHECK(kept.all().size() == 1);
}

TEST_CASE("the list shows everything in the order it came") {
  fresh_folder const folder;
  handover_folder kept{folder.path};
  post(kept, "b", "{\"n\":\"1\"}");
  post(kept, "a", "{\"n\":\n2}");

  auto const list = answer({"GET", "/handovers", "", ""}, kept, noon);

  CHECK(list.status == 200);
  CHECK(list.body.find(R"("body":"{\"n\":\"1\"}")") < list.body.find(R"("body":"{\"n\":\u000a2}")"));
  CHECK(answer({"GET", "/livez", "", ""}, kept, noon).status == 200);
  CHECK(answer({"GET", "/other", "", ""}, kept, noon).status == 404);
  CHECK(answer({"DELETE", "/handovers", "", ""}, kept, noon).status == 405);
}

TEST_CASE("a request is read from any number of pieces") {
  std::string const whole =
      "POST /handovers HTTP/1.1\r\nHost: x\r\nidempotency-KEY:  k-1 \r\nContent-Length: 5\r\n\r\n{\"a\"}";

  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    REQUIRE(read_plain_request(whole.substr(0, cut)).state == reading::more);
  auto const got = read_plain_request(whole);

  CHECK(got.state == reading::whole);
  CHECK(got.request.idempotency_key == "k-1");
  CHECK(got.request.body == "{\"a\"}");
}

TEST_CASE("requests that are malformed or too large are refused") {
  CHECK(read_plain_request("hello\r\n\r\n").state == reading::malformed);
  CHECK(read_plain_request("GET /\r\n\r\n").state == reading::malformed);
  CHECK(read_plain_request("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n").state == reading::malformed);
  CHECK(read_plain_request("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n").state == reading::malformed);
  CHECK(read_plain_request("POST / HTTP/1.1\r\nbroken\r\n\r\n").state == reading::malformed);
  CHECK(read_plain_request("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n").state == reading::too_large);
  CHECK(read_plain_request(std::string(head_limit + 1, 'x')).state == reading::too_large);
}

TEST_CASE("it serves over a real socket and stops when asked") {
  fresh_folder const folder;
  handover_folder kept{folder.path};
  volatile std::sig_atomic_t stop = 0;
  std::promise<int> port;
  std::jthread const server{[&] {
    serve(
        "127.0.0.1:0", [&](plain_request const& request) { return answer(request, kept, noon); },
        [&](int chosen) { port.set_value(chosen); }, stop);
  }};
  auto const at = port.get_future().get();

  auto const got = exchange(at, "POST /handovers HTTP/1.1\r\nIdempotency-Key: k\r\nContent-Length: 2\r\n\r\n{}");
  auto const refused = exchange(at, "nonsense\r\n\r\n");
  stop = 1;

  CHECK(got.starts_with("HTTP/1.1 201 OK\r\n"));
  CHECK(got.find("receipt-000001") != std::string::npos);
  CHECK(refused.starts_with("HTTP/1.1 400"));
}

TEST_CASE("an address that is none, or taken, is one clear sentence") {
  volatile std::sig_atomic_t const stop = 1;
  auto const never = [](plain_request const&) { return plain_response{}; };

  CHECK_THROWS_WITH(serve("localhost", never, [](int) {}, stop), Catch::Contains("--listen wants an address"));
  CHECK_THROWS_WITH(serve("192.0.2.1:1", never, [](int) {}, stop), Catch::Contains("cannot listen on 192.0.2.1:1"));
}
