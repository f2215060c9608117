// Any answer of a platform: proof only for the bytes that were sent, else another try.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/bytes.hpp"
#include "connectors/platform/local_platform.hpp"

namespace {

class one_answer final : public ehds::http_call {
 public:
  explicit one_answer(std::string body) : body_(std::move(body)) {}
  ehds::result<ehds::http_call_response> call(ehds::http_call_request const&) override {
    return ehds::http_call_response{201, {}, body_};
  }

 private:
  std::string body_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace ehds::connectors;
  static hand_over const what{"ho", "key", hand_over_kind::grant, "FR-1", 1, "e.e.e", R"({"id":"FR-1"})"};
  static std::string const digest = ehds::sha256_hex(hand_over_body(what).value());
  one_answer network{std::string(reinterpret_cast<char const*>(data), size)};
  auto const outcome = http_platform{network, {"http://platform.test/", {}}}.deliver(what);
  if (std::holds_alternative<refused_for_good>(outcome)) std::abort();
  auto const* const proof = std::get_if<receipt_proof>(&outcome);
  if (proof != nullptr && (proof->sha256 != digest || proof->receipt_id.empty())) std::abort();
  return 0;
}
