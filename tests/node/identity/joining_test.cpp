// Asking an authority outside for certificates, taking what it sent, and rolling over. OpenSSL's own program plays the
// authority, so that the request is judged by software that is not ours.
#include "node/identity/joining.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "edelivery/keys.hpp"

using namespace ehds;
using namespace ehds::node::identity;
namespace fs = std::filesystem;

namespace {

struct joining_folder {
  fs::path path = fs::temp_directory_path() / ("ehds-joining-" + random_uuid());
  joining_folder() { fs::create_directory(path); }
  ~joining_folder() { fs::remove_all(path); }
  joining_folder(joining_folder const&) = delete;
  joining_folder& operator=(joining_folder const&) = delete;
};

std::string text_of(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>{in}, {}};
}

void write(fs::path const& file, std::string const& text) { std::ofstream(file, std::ios::binary) << text; }

int openssl(std::string const& words) { return std::system(("openssl " + words + " >/dev/null 2>&1").c_str()); }

// The certificate for a request, as an authority gives it: valid from now for so many days, with the extensions asked
// for, or with a key usage of the authority's own.
std::string certified(fs::path const& where, fs::path const& request, std::string const& usage = {}, int days = 30) {
  auto const& ca = edelivery::tests::authority();
  write(where / "ca.pem", ca.cert.pem());
  write(where / "ca.key", ca.key.pem());
  write(where / "usage.cnf", usage.empty() ? "" : "keyUsage=" + usage + "\n");
  auto const extensions =
      usage.empty() ? std::string{"-copy_extensions copy"} : "-extfile " + (where / "usage.cnf").string();
  REQUIRE(openssl("x509 -req -in " + request.string() + " -CA " + (where / "ca.pem").string() + " -CAkey " +
                  (where / "ca.key").string() + " -days " + std::to_string(days) + " " + extensions + " -out " +
                  (where / "made.pem").string()) == 0);
  return text_of(where / "made.pem");
}

// Certificates of the program begin at the system's time.
instant real_now() { return system_clock{}.now() + std::chrono::seconds{1}; }

edelivery::asked_certificate asked(std::string subject = "CN=FR sign,OU=eDelivery,O=Ministry of Health,C=FR") {
  edelivery::asked_certificate one;
  one.subject = std::move(subject);
  return one;
}

std::string code_of(result<void> const& done) { return done ? "done" : done.error().code; }

bool is_private(fs::path const& file) {
  struct stat seen{};
  REQUIRE(stat(file.c_str(), &seen) == 0);
  return (seen.st_mode & 0777) == 0600;
}

void join(joining_folder const& keys, joining_folder const& authority, std::string const& name) {
  REQUIRE(request_key(keys.path, name, asked()));
  auto const got = certified(authority.path, keys.path / (name + ".next.csr"));
  REQUIRE(import_certificate(keys.path, name, got, real_now()));
  REQUIRE(roll_key(keys.path, name, real_now()));
}

}  // namespace

TEST_CASE("a request is signed, names the subject and the usage, and its key stays with us alone") {
  joining_folder const keys;
  auto const made = request_key(keys.path, "sign", asked());
  REQUIRE(made);
  CHECK(*made == text_of(keys.path / "sign.next.csr"));
  CHECK(made->starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
  CHECK(is_private(keys.path / "sign.next.key"));
  CHECK(made->find("PRIVATE KEY") == std::string::npos);
  auto const csr = (keys.path / "sign.next.csr").string();
  CHECK(openssl("req -verify -noout -in " + csr) == 0);
  auto const shown = (keys.path / "shown.txt").string();
  REQUIRE(std::system(("openssl req -noout -text -nameopt RFC2253 -in " + csr + " > " + shown).c_str()) == 0);
  auto const text = text_of(shown);
  CHECK(text.find("CN=FR sign,OU=eDelivery,O=Ministry of Health,C=FR") != std::string::npos);
  CHECK(text.find("Digital Signature") != std::string::npos);
  CHECK(text.find("Key Encipherment") == std::string::npos);
  CHECK(text.find("(3072 bit)") != std::string::npos);
}

TEST_CASE("each use asks for its key usage, in each kind of key it can have") {
  struct row {
    std::string name;
    edelivery::key_kind key;
    std::string usage;
  };
  using edelivery::key_kind;
  for (auto const& each : std::vector<row>{{"encrypt", key_kind::rsa, "Key Encipherment"},
                                           {"encrypt-p256", key_kind::elliptic_curve, "Key Agreement"},
                                           {"sign-ed25519", key_kind::ed25519, "Digital Signature"},
                                           {"tls", key_kind::elliptic_curve, "TLS Web Server Authentication"}}) {
    joining_folder const keys;
    auto one = asked();
    one.key = each.key;
    if (each.name == "tls") one.hosts = {"as4.fr.example", "192.0.2.7"};
    INFO(each.name);
    REQUIRE(request_key(keys.path, each.name, one));
    auto const shown = (keys.path / "shown.txt").string();
    auto const csr = (keys.path / (each.name + ".next.csr")).string();
    REQUIRE(std::system(("openssl req -verify -noout -text -in " + csr + " > " + shown + " 2>/dev/null").c_str()) == 0);
    CHECK(text_of(shown).find(each.usage) != std::string::npos);
    if (each.name == "tls") CHECK(text_of(shown).find("DNS:as4.fr.example, IP Address:192.0.2.7") != std::string::npos);
  }
}

TEST_CASE("what cannot be asked for is said in a sentence") {
  joining_folder const keys;
  auto const refused = [&](std::string const& name, edelivery::asked_certificate const& one) {
    auto const made = request_key(keys.path, name, one);
    return made ? std::string{"made"} : made.error().code;
  };
  CHECK(refused("sign", asked("nonsense")) == "edelivery.certificate.request");
  CHECK(refused("sign", asked("")) == "edelivery.certificate.request");
  CHECK(refused("tls", asked()) == "edelivery.certificate.request");  // no host
  auto bad_host = asked();
  bad_host.hosts = {"a,DNS:b"};
  CHECK(refused("tls", bad_host) == "edelivery.certificate.request");
  auto ed = asked();
  ed.key = edelivery::key_kind::ed25519;
  CHECK(refused("encrypt", ed) == "edelivery.certificate.request");
  ed.key = edelivery::key_kind::x25519;
  CHECK(refused("encrypt", ed) == "edelivery.certificate.request");
  auto small = asked();
  small.rsa_bits = 2048;
  CHECK(refused("sign", small) == "edelivery.certificate.request");
  auto curve = asked();
  curve.key = edelivery::key_kind::elliptic_curve;
  curve.curve = "P-17";
  CHECK(refused("sign", curve) == "edelivery.certificate.request");
  for (auto const* name : {"", "dance", "../sign", "sign/../../x", "SIGN"})
    CHECK(refused(name, asked()) == "identity.key");
  CHECK(fs::is_empty(keys.path));
}

TEST_CASE("a second request does not throw away the key of the first") {
  joining_folder const keys;
  REQUIRE(request_key(keys.path, "sign", asked()));
  auto const key = text_of(keys.path / "sign.next.key");
  CHECK(request_key(keys.path, "sign", asked()).error().code == "identity.key");
  CHECK(text_of(keys.path / "sign.next.key") == key);
}

TEST_CASE("a file of keys that cannot be looked at is an error that names it") {
  joining_folder const keys;
  for (auto const* name : {"sign.next.key", "encrypt.next.pem"}) fs::create_symlink(keys.path / name, keys.path / name);
  CHECK(request_key(keys.path, "sign", asked()).error().where == keys.path / "sign.next.key");
  CHECK(import_certificate(keys.path, "sign", "x", real_now()).error().where == keys.path / "sign.next.key");
  CHECK(overlapping_keys(keys.path, "encrypt", real_now()).error().where == keys.path / "encrypt.next.pem");
  CHECK(find_coming(keys.path, "encrypt").error().where == keys.path / "encrypt.pem");
}

TEST_CASE("only the certificate that answers the request is imported") {
  joining_folder const keys;
  joining_folder const authority;
  CHECK(code_of(import_certificate(keys.path, "sign", "x", real_now())) == "identity.key");  // nothing asked for
  REQUIRE(request_key(keys.path, "sign", asked()));
  REQUIRE(request_key(keys.path, "encrypt", asked()));
  auto const import = [&](std::string const& bytes, instant at) {
    return code_of(import_certificate(keys.path, "sign", bytes, at));
  };
  auto const good = certified(authority.path, keys.path / "sign.next.csr");
  CHECK(import("no certificate", real_now()) == "identity.certificate");
  CHECK(import(certified(authority.path, keys.path / "encrypt.next.csr"), real_now()) ==
        "edelivery.certificate.other_key");
  CHECK(import(good, real_now() + std::chrono::days{31}) == "edelivery.certificate.expired");
  CHECK(import(certified(authority.path, keys.path / "sign.next.csr", "keyEncipherment"), real_now()) ==
        "edelivery.certificate.key_usage");
  CHECK_FALSE(fs::exists(keys.path / "sign.next.pem"));
  CHECK(import(good + edelivery::tests::authority().cert.pem(), real_now()) == "done");  // with its chain
  CHECK(import(edelivery::certificate::from_pem(good)->der(), real_now()) == "done");
  CHECK(is_private(keys.path / "sign.next.pem"));
}

TEST_CASE("a roll makes next current and keeps what was; both encryption keys open while they are valid") {
  joining_folder const keys;
  joining_folder const authority;
  CHECK(code_of(roll_key(keys.path, "encrypt", real_now())) == "identity.key");
  join(keys, authority, "encrypt");
  auto const first = text_of(keys.path / "encrypt.pem");
  CHECK(overlapping_keys(keys.path, "encrypt", real_now())->empty());
  CHECK_FALSE(fs::exists(keys.path / "encrypt.next.key"));

  REQUIRE(request_key(keys.path, "encrypt", asked()));
  CHECK(overlapping_keys(keys.path, "encrypt", real_now())->empty());  // not certified yet
  REQUIRE(
      import_certificate(keys.path, "encrypt", certified(authority.path, keys.path / "encrypt.next.csr"), real_now()));
  CHECK(overlapping_keys(keys.path, "encrypt", real_now())->size() == 1);
  REQUIRE(roll_key(keys.path, "encrypt", real_now()));

  CHECK(text_of(keys.path / "encrypt.old.pem") == first);
  CHECK(text_of(keys.path / "encrypt.pem") != first);
  CHECK(edelivery::load_credentials(keys.path / "encrypt.pem", keys.path / "encrypt.key"));
  CHECK(is_private(keys.path / "encrypt.old.key"));
  CHECK(overlapping_keys(keys.path, "encrypt", real_now())->size() == 1);
  CHECK(overlapping_keys(keys.path, "encrypt", real_now() + std::chrono::days{31})->empty());
}

TEST_CASE("a roll that was interrupted is finished by the next one, and old stays the key before") {
  joining_folder const keys;
  joining_folder const authority;
  join(keys, authority, "sign");
  auto const first = text_of(keys.path / "sign.pem");
  REQUIRE(request_key(keys.path, "sign", asked()));
  REQUIRE(import_certificate(keys.path, "sign", certified(authority.path, keys.path / "sign.next.csr"), real_now()));
  fs::copy_file(keys.path / "sign.pem", keys.path / "sign.old.pem");
  fs::copy_file(keys.path / "sign.key", keys.path / "sign.old.key");
  SECTION("after the key") {
    fs::copy_file(keys.path / "sign.next.key", keys.path / "sign.key", fs::copy_options::overwrite_existing);
  }
  SECTION("after the certificate") {
    fs::copy_file(keys.path / "sign.next.key", keys.path / "sign.key", fs::copy_options::overwrite_existing);
    fs::copy_file(keys.path / "sign.next.pem", keys.path / "sign.pem", fs::copy_options::overwrite_existing);
  }
  REQUIRE(roll_key(keys.path, "sign", real_now()));
  CHECK(text_of(keys.path / "sign.old.pem") == first);
  CHECK(edelivery::load_credentials(keys.path / "sign.pem", keys.path / "sign.key"));
  CHECK_FALSE(fs::exists(keys.path / "sign.next.pem"));
}

TEST_CASE("a next certificate with another subject than the one in use is told with both, one with the same is not") {
  joining_folder const keys;
  joining_folder const authority;
  std::string const in_use = "CN=FR sign,OU=eDelivery,O=Ministry of Health,C=FR";
  CHECK_FALSE(find_other_subject(keys.path, "sign", "CN=whoever,C=FR"));  // none is in use
  join(keys, authority, "sign");
  for (auto const* const same :
       {"CN=FR sign,OU=eDelivery,O=Ministry of Health,C=FR", "cn=fr sign, ou=eDelivery, o=Ministry of Health, c=FR"}) {
    INFO(same);
    CHECK_FALSE(find_other_subject(keys.path, "sign", same));
  }
  for (std::string const other : {"CN=FR sign 2,OU=eDelivery,O=Ministry of Health,C=FR",
                                  "C=FR,O=Ministry of Health,OU=eDelivery,CN=FR sign", "CN=FR sign"}) {
    INFO(other);
    auto const told = find_other_subject(keys.path, "sign", other);
    REQUIRE(told);
    CHECK(told->code == "identity.key.subject");
    CHECK(told->detail.find(in_use + ", the next one " + other + ":") != std::string::npos);
    CHECK(told->mend.find("sign.next.*") != std::string::npos);
  }
  // Nobody takes a TLS certificate for ours by its subject.
  fs::copy_file(keys.path / "sign.pem", keys.path / "tls.pem");
  CHECK_FALSE(find_other_subject(keys.path, "tls", "CN=as4.fr.example"));
  CHECK_FALSE(find_other_subject(keys.path, "dance", "CN=as4.fr.example"));
}

TEST_CASE("a certificate whose time has not begun is not rolled to") {
  joining_folder const keys;
  joining_folder const authority;
  REQUIRE(request_key(keys.path, "sign", asked()));
  REQUIRE(import_certificate(keys.path, "sign", certified(authority.path, keys.path / "sign.next.csr"), real_now()));
  CHECK(code_of(roll_key(keys.path, "sign", real_now() - std::chrono::days{2})) == "identity.key");
  CHECK(fs::exists(keys.path / "sign.next.key"));
}
