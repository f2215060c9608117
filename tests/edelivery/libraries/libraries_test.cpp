#include "edelivery/libraries/libraries.hpp"

#include <libxml/parser.h>
#include <openssl/crypto.h>

#include <catch2/catch.hpp>
#include <thread>

#include "edelivery/said_to_terminal.hpp"

namespace ehds::tests {
namespace {

std::string said_of_bad_xml() {
  said_to_terminal said;
  xmlFreeDoc(xmlReadMemory("<secret", 7, nullptr, nullptr, 0));
  return said.end();
}

}  // namespace

TEST_CASE("libxml2 is silent once it was told so, on this thread and on later ones; OpenSSL is told too late") {
  CHECK(said_of_bad_xml().find("secret") != std::string::npos);
  OPENSSL_free(OPENSSL_malloc(1));
  CHECK_THROWS_AS(edelivery::prepare_libraries(), std::logic_error);
  CHECK(said_of_bad_xml().empty());
  std::string elsewhere = "nothing yet";
  std::thread([&] { elsewhere = said_of_bad_xml(); }).join();
  CHECK(elsewhere.empty());
}

}  // namespace ehds::tests
