#define CATCH_CONFIG_RUNNER
#include "skipping.hpp"

#include <catch2/catch.hpp>

namespace {

constexpr int all_skipped = 4;

struct {
  std::size_t begun = 0;
  std::size_t skipped = 0;
  bool is_skipped = false;  // the running one
} cases;

struct case_counter final : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;
  void testCaseStarting(Catch::TestCaseInfo const& info) override {
    TestEventListenerBase::testCaseStarting(info);
    ++cases.begun;
    cases.is_skipped = false;
  }
  void testCaseEnded(Catch::TestCaseStats const& stats) override {
    TestEventListenerBase::testCaseEnded(stats);
    cases.skipped += cases.is_skipped ? 1 : 0;
  }
};

CATCH_REGISTER_LISTENER(case_counter)

}  // namespace

void ehds::tests::skip(std::string const& why) {
  cases.is_skipped = true;
  WARN("skipped: " << why);
}

int main(int argc, char* argv[]) {
  int const failed = Catch::Session().run(argc, argv);
  bool const nothing_was_tested = cases.begun > 0 && cases.skipped == cases.begun;
  return failed == 0 && nothing_was_tested ? all_skipped : failed;
}
