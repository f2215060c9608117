#include "edelivery/libraries/libraries.hpp"

#include <libxml/parser.h>

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

TEST_CASE("libxml2 writes nothing of what it reads once it was told so, on this thread and on later ones") {
  CHECK(said_of_bad_xml().find("secret") != std::string::npos);
  edelivery::prepare_libraries();
  CHECK(said_of_bad_xml().empty());
  std::string elsewhere = "nothing yet";
  std::thread([&] { elsewhere = said_of_bad_xml(); }).join();
  CHECK(elsewhere.empty());
}

}  // namespace ehds::tests
