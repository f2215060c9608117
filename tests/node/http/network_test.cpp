// Server and client over real sockets of the loopback interface.
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <future>

#include "node/http/client.hpp"
#include "node/http/server.hpp"
#include "node/http/throwaway_certificates.hpp"

using namespace ehds;
using namespace ehds::node::http;
using namespace std::chrono_literals;
using ehds::tests::throwaway_certificates;

namespace {

system_clock const wall;

response about(request const& r) {
  auto said = r.scheme + " " + r.method + " " + r.path + " " + r.peer_address;
  if (r.certificate) said += " " + r.certificate->subject + " " + r.certificate->fingerprint.substr(0, 4);
  if (!r.body.empty()) said += " " + std::to_string(r.body.size());
  return text(said);
}

application answering(handler h, std::size_t limit = 1'000'000) {
  return {std::move(h), [limit](std::string_view, std::string_view) { return limit; }};
}

struct running {
  io_thread io;
  std::unique_ptr<server> served;
  std::unique_ptr<client> ours;

  explicit running(handler h, listener door = {}, server_limits limits = {}, client_options options = {}) {
    served = server::bind(io, {{std::move(door)}, limits, [](std::string const&) {}}, wall).value();
    served->start({{"public", answering(std::move(h))}});
    ours = client::make(io, std::move(options)).value();
  }
  std::string url() const { return served->listeners().front().url(); }
  result<http_call_response> get(std::string const& path) const { return ours->call({.url = url() + path}); }
};

server_tls tls_of(throwaway_certificates const& c, std::string const& name) {
  return {c.file(name + ".pem"), c.file(name + ".key"), client_certificates::none, {}};
}

}  // namespace

TEST_CASE("a call goes to the server and its answer comes back") {
  running const r(about);

  auto const answer = r.get("/a?b=c").value();

  CHECK(answer.status == 200);
  CHECK(answer.body == "http GET /a 127.0.0.1");
  CHECK(answer.header("content-type") == "text/plain; charset=utf-8");
  CHECK_FALSE(answer.header("Date").empty());
}

TEST_CASE("calls to one server use one connection again") {
  running const r(about);
  for (int i = 0; i < 5; ++i) REQUIRE(r.get("/"));

  CHECK(r.served->load().connections == 1);
  CHECK(r.served->load().served == 5);
}

TEST_CASE("a kept connection that the server closed meanwhile is not used for the next call") {
  server_limits limits;
  limits.requests_per_connection = 1;
  running const r(about, {}, limits);

  for (int i = 0; i < 3; ++i) CHECK(r.ours->call({.method = "POST", .url = r.url(), .body = "x"}));
}

TEST_CASE("a large body goes there and back") {
  running const r([](request const& asked) { return bytes(asked.body + asked.body, "application/octet-stream"); });
  std::string body(900'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 % 251);

  auto const answer = r.ours->call({.method = "POST", .url = r.url() + "/", .body = body});

  REQUIRE(answer);
  CHECK(answer->body == body + body);
}

TEST_CASE("a body over the limit is told so, although the client is still sending") {
  running const r(about);

  auto const answer = r.ours->call({.method = "POST", .url = r.url() + "/", .body = std::string(3'000'000, 'x')});

  REQUIRE(answer);
  CHECK(answer->status == 413);
}

TEST_CASE("an answer over the caller's limit is a problem") {
  running const r([](request const&) { return text(std::string(5000, 'x')); });

  auto const answer = r.ours->call({.url = r.url() + "/", .response_limit = 4999});

  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == "http_call.too_large");
}

TEST_CASE("a server that does not answer in time is a problem, and so is one that is not there") {
  std::promise<void> release;
  auto const released = release.get_future().share();
  running const r([released](request const&) {
    released.wait();
    return text("late");
  });

  auto const late = r.ours->call({.url = r.url() + "/", .timeout = 50ms});
  auto const nobody = r.ours->call({.url = "http://127.0.0.1:1/"});
  release.set_value();

  REQUIRE_FALSE(late);
  CHECK(late.error().code == "http_call.timeout");
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == "http_call.unreachable");
  CHECK(nobody.error().detail.find("127.0.0.1:1") != std::string::npos);
}

TEST_CASE("TLS: the server's name and chain are verified") {
  throwaway_certificates certificates;
  certificates.make("server", "IP:127.0.0.1");
  certificates.make("elsewhere", "DNS:elsewhere.example");
  client_options trusting;
  trusting.tls.ca = certificates.ca();

  SECTION("a good certificate is accepted") {
    running const r(about, {.tls = tls_of(certificates, "server")}, {}, trusting);
    CHECK(r.get("/x").value().body == "https GET /x 127.0.0.1");
  }
  SECTION("another name is refused") {
    running const r(about, {.tls = tls_of(certificates, "elsewhere")}, {}, trusting);
    auto const answer = r.get("/");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == "http_call.tls");
  }
  SECTION("an unknown authority is refused") {
    throwaway_certificates others;
    others.make("server", "IP:127.0.0.1");
    running const r(about, {.tls = tls_of(others, "server")}, {}, trusting);
    auto const answer = r.get("/");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == "http_call.tls");
    CHECK(answer.error().detail.find("certificate is not accepted") != std::string::npos);
    CHECK(answer.error().detail.find("trusted_ca") == std::string::npos);  // the detail travels, the mend is for us
    for (auto const* member : {"trusted_ca", "edge.ca", "platform.ca", "access_point.ca"})
      CHECK(answer.error().mend.find(member) != std::string::npos);
  }
  SECTION("of a trusted authority it is never said that it should be trusted") {
    running const r(about, {.tls = tls_of(certificates, "elsewhere")}, {}, trusting);
    auto const answer = r.get("/");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().detail.find("certificate is not accepted") != std::string::npos);
    CHECK(answer.error().mend.find("trusted_ca") == std::string::npos);
  }
  SECTION("another certificate than the pinned one is refused") {
    trusting.tls.pinned = std::string(64, '0');
    running const r(about, {.tls = tls_of(certificates, "server")}, {}, trusting);
    CHECK(r.get("/").error().code == "http_call.tls");
  }
  SECTION("plain HTTP on a TLS port is no answer") {
    running const r(about, {.tls = tls_of(certificates, "server")}, {}, trusting);
    auto const port = std::to_string(r.served->listeners().front().port);
    CHECK_FALSE(r.ours->call({.url = "http://127.0.0.1:" + port + "/"}));
  }
}

TEST_CASE("TLS is narrowed on either side: both must speak something in common") {
  struct row {
    char const* what;
    tls_terms server;
    tls_terms client;
    bool meet;
  };
  std::vector<row> const rows{
      {"all that is allowed", {}, {}, true},
      {"1.3 alone", {.least = tls_version::v1_3}, {}, true},
      {"1.3 alone, a client of 1.2",
       {.least = tls_version::v1_3},
       {.suites = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}},
       false},
      {"1.2 alone, both",
       {.suites = {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"}},
       {.suites = {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"}},
       true},
      {"1.2 alone, a client of 1.3",
       {.suites = {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"}},
       {.least = tls_version::v1_3},
       false},
      {"other suites of 1.3",
       {.least = tls_version::v1_3, .suites = {"TLS_AES_128_GCM_SHA256"}},
       {.least = tls_version::v1_3, .suites = {"TLS_AES_256_GCM_SHA384"}},
       false},
      {"other groups", {.groups = {"secp384r1"}}, {.groups = {"x25519", "secp256r1"}}, false},
      {"a group in common", {.groups = {"secp384r1"}}, {.groups = {"x25519", "secp384r1"}}, true},
  };
  throwaway_certificates certificates;
  certificates.make("server", "IP:127.0.0.1");
  for (auto const& one : rows) {
    CAPTURE(one.what);
    client_options options;
    options.tls.ca = certificates.ca();
    options.tls.terms = one.client;
    auto tls = tls_of(certificates, "server");
    tls.terms = one.server;
    running const r(about, {.tls = tls}, {}, options);
    auto const answer = r.get("/");
    CHECK(answer.has_value() == one.meet);
    if (!answer) CHECK(answer.error().code == "http_call.tls");
  }
}

TEST_CASE("TLS terms that are too weak or leave nothing are refused with their name") {
  throwaway_certificates const certificates;
  io_thread io;
  auto const code_of = [&](tls_terms terms) {
    client_options options;
    options.tls.ca = certificates.ca();
    options.tls.terms = std::move(terms);
    auto const made = client::make(io, options);
    return made ? std::string{"made"} : made.error().code + " " + made.error().where;
  };
  CHECK(code_of({}) == "made");
  CHECK(code_of({.suites = {"TLS_RSA_WITH_AES_128_CBC_SHA"}}) == "http.tls_terms TLS_RSA_WITH_AES_128_CBC_SHA");
  CHECK(code_of({.suites = {"TLS_AES_128_GCM_SHA256", "DEFAULT"}}) == "http.tls_terms DEFAULT");
  CHECK(code_of({.groups = {"secp192r1"}}) == "http.tls_terms secp192r1");
  CHECK(code_of({.least = tls_version::v1_3, .suites = {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}}) ==
        "http.tls_terms ");
  for (auto const& suite : allowed_tls_suites()) CHECK(code_of({.suites = {std::string(suite.name)}}) == "made");
  for (auto const group : allowed_tls_groups()) CHECK(code_of({.groups = {std::string(group)}}) == "made");
}

TEST_CASE("mutual TLS: the handler sees the certificate that the client proved to hold") {
  throwaway_certificates certificates;
  certificates.make("server", "IP:127.0.0.1");
  certificates.make("FR edge", "DNS:fr");
  client_options trusting;
  trusting.tls.ca = certificates.ca();
  auto with_key = trusting;
  with_key.tls.certificate_chain = certificates.file("FR edge.pem");
  with_key.tls.private_key = certificates.file("FR edge.key");
  auto tls = tls_of(certificates, "server");
  tls.client_ca = certificates.ca();

  SECTION("shown when wanted") {
    tls.ask = client_certificates::wanted;
    running const r(about, {.tls = tls}, {}, with_key);
    CHECK(r.get("/").value().body.find("CN=FR edge ") != std::string::npos);
  }
  SECTION("absent when wanted") {
    tls.ask = client_certificates::wanted;
    running const r(about, {.tls = tls}, {}, trusting);
    CHECK(r.get("/").value().body == "https GET / 127.0.0.1");
  }
  SECTION("absent when required") {
    tls.ask = client_certificates::required;
    running const r(about, {.tls = tls}, {}, trusting);
    CHECK_FALSE(r.get("/"));
  }
  SECTION("of an unknown authority") {
    throwaway_certificates others;
    others.make("FR edge", "DNS:fr");
    with_key.tls.certificate_chain = others.file("FR edge.pem");
    with_key.tls.private_key = others.file("FR edge.key");
    tls.ask = client_certificates::wanted;
    running const r(about, {.tls = tls}, {}, with_key);
    CHECK_FALSE(r.get("/"));
  }
}

TEST_CASE("keys that cannot be used are one clear sentence each") {
  throwaway_certificates certificates;
  certificates.make("a", "IP:127.0.0.1");
  certificates.make("b", "IP:127.0.0.1");
  std::ofstream(certificates.file("garbage.pem")) << "garbage";
  io_thread io;
  auto const fault = [&](std::string const& chain, std::string const& key) {
    listener const door{.tls = server_tls{certificates.file(chain), certificates.file(key)}};
    return server::bind(io, {{door}, {}, {}}, wall).error();
  };

  for (auto const& [chain, key, sentence] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"none.pem", "a.key",
            "The certificate " + certificates.file("none.pem").string() + " cannot be used: there is no such file."},
           {"garbage.pem", "a.key",
            "The certificate " + certificates.file("garbage.pem").string() +
                " cannot be used: it is not a PEM certificate."},
           {"a.pem", "none.key",
            "The private key " + certificates.file("none.key").string() + " cannot be used: there is no such file."},
           {"a.pem", "b.key",
            "The private key " + certificates.file("b.key").string() +
                " cannot be used: it is no PEM key of the certificate " + certificates.file("a.pem").string() + "."},
       }) {
    auto const found = fault(chain, key);
    CHECK(found.code == "http.certificate");
    CHECK(found.detail == sentence);
  }
}

TEST_CASE("a busy port is one clear sentence") {
  running const r(about);
  auto const port = r.served->listeners().front().port;
  io_thread io;

  auto const second = server::bind(io, {{listener{.port = port}}, {}, {}}, wall);

  REQUIRE_FALSE(second);
  CHECK(second.error().code == "http.port_busy");
  CHECK(second.error().detail ==
        "The port 127.0.0.1:" + std::to_string(port) + " is already in use by another program.");
}

TEST_CASE("an address that is not this machine's is one clear sentence") {
  io_thread io;

  CHECK(server::bind(io, {{listener{.address = "203.0.113.1"}}, {}, {}}, wall).error().code == "http.bind");
  CHECK(server::bind(io, {{listener{.address = "nonsense"}}, {}, {}}, wall).error().code == "http.bind");
}

TEST_CASE("a full queue answers 503 at once while the workers are busy") {
  std::promise<void> release;
  auto const released = release.get_future().share();
  server_limits limits;
  limits.workers = 1;
  limits.queue = 1;
  running const r(
      [released](request const&) {
        released.wait();
        return text("done");
      },
      {}, limits);

  std::vector<std::future<int>> calls;
  for (int i = 0; i < 5; ++i)
    calls.push_back(std::async(std::launch::async, [&] { return r.get("/").value().status; }));
  while (r.served->load().refused < 3) std::this_thread::yield();
  release.set_value();

  std::vector<int> statuses;
  for (auto& c : calls) statuses.push_back(c.get());
  CHECK(std::ranges::count(statuses, 200) == 2);
  CHECK(std::ranges::count(statuses, 503) == 3);
}

TEST_CASE("more connections of one peer than allowed are closed at once") {
  server_limits limits;
  limits.connections_per_peer = 1;
  running const r(about, {}, limits);
  REQUIRE(r.get("/"));  // the client keeps this connection open

  auto const other = client::make(const_cast<io_thread&>(r.io)).value();

  CHECK_FALSE(other->call({.method = "POST", .url = r.url() + "/"}));
  CHECK(r.get("/"));
}

TEST_CASE("a graceful stop lets a running request finish and takes no new ones") {
  std::promise<void> started, release;
  auto const released = release.get_future().share();
  running r([&started, released](request const& asked) {
    if (asked.path == "/slow") {
      started.set_value();
      released.wait();
    }
    return text("done");
  });
  auto running_call = std::async(std::launch::async, [&] { return r.get("/slow"); });
  started.get_future().wait();

  auto stopped = std::async(std::launch::async, [&] { return r.served->stop(5s); });
  while (r.ours->call({.url = r.url() + "/new"})) std::this_thread::yield();
  release.set_value();

  CHECK(stopped.get());
  CHECK(running_call.get().value().body == "done");
  CHECK(r.served->load().connections == 0);
}

TEST_CASE("a stop whose deadline passes says so") {
  std::promise<void> started, release;
  auto const released = release.get_future().share();
  running r([&started, released](request const&) {
    started.set_value();
    released.wait();
    return text("late");
  });
  auto call = std::async(std::launch::async, [&] { return r.get("/"); });
  started.get_future().wait();

  CHECK_FALSE(r.served->stop(10ms));
  release.set_value();
  CHECK_FALSE(call.get());
}

TEST_CASE("an idle connection does not hold a stop up") {
  running r(about);
  REQUIRE(r.get("/"));

  CHECK(r.served->stop(5s));
}

TEST_CASE("several listeners serve several applications") {
  io_thread io;
  auto const served =
      server::bind(io, {{listener{.serves = "public"}, listener{.address = "127.0.0.2", .serves = "internal"}}, {}, {}},
                   wall)
          .value();
  served->start({{"public", answering([](request const&) { return text("public"); })},
                 {"internal", answering([](request const&) { return text("internal"); })}});
  auto const ours = client::make(io).value();

  CHECK(ours->call({.url = served->listeners()[0].url()}).value().body == "public");
  CHECK(ours->call({.url = served->listeners()[1].url()}).value().body == "internal");
  CHECK_THROWS_AS(served->start({}), std::logic_error);
}

TEST_CASE("a client that may reach public addresses only does not connect to this machine") {
  running const r(about, {}, {}, {.reach = reach::public_addresses});

  auto const answer = r.get("/");

  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == "http_call.unreachable");
  CHECK(r.served->load().connections == 0);
}

TEST_CASE("many clients at once are all answered") {
  running const r(about);
  std::vector<std::future<int>> calls;
  for (int i = 0; i < 20; ++i) {
    calls.push_back(std::async(std::launch::async, [&] {
      int good = 0;
      for (int k = 0; k < 20; ++k) good += r.get("/").value().status == 200 ? 1 : 0;
      return good;
    }));
  }

  for (auto& c : calls) CHECK(c.get() == 20);
}
