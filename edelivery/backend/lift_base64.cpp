#include "edelivery/backend/lift_base64.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "edelivery/backend/payload_elements.hpp"

namespace ehds::edelivery::backend {
namespace {

constexpr std::string_view mark = "\xEE\x80\x80";  // U+E000, for private use: no base64, and in no other value
constexpr std::size_t shortest_run = 8 * 1024;

constexpr std::array<bool, 256> base64_or_blank = [] {
  std::array<bool, 256> allowed{};
  for (char const c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \n\r\t"))
    allowed[static_cast<unsigned char>(c)] = true;
  return allowed;
}();

bool is_other(char c) { return !base64_or_blank[static_cast<unsigned char>(c)]; }

std::string mark_of(std::size_t run) { return std::string(mark) + std::to_string(run); }

std::size_t marks_in(std::string_view text) {
  std::size_t count = 0;
  for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + mark.size())) ++count;
  return count;
}

// Takes the text piece by piece. What comes after a ">" may be a run, until something else than base64 shows whether.
class base64_lifter {
 public:
  base64_lifter(byte_source const& from, std::size_t most_text) : from_(from), most_(most_text) {}

  result<void> add(std::string_view piece) {
    result<void> good;
    while (good && !piece.empty()) good = begun_ ? go_on(piece) : look_for_tag(piece);
    return good;
  }

  result<lifted_text> finish() {
    if (begun_)
      if (auto const ended = end_run(false); !ended) return ended.error();
    if (marks_in(made_.text) != made_.runs.size())
      return bad_payload("the text holds a character for private use", "Envelope");
    return std::move(made_);
  }

 private:
  void pass(std::string_view& piece, std::size_t count) {
    at_ += count;
    piece.remove_prefix(count);
  }

  result<void> append(std::string_view text) {
    if (made_.text.size() + text.size() > most_)
      return problem{"edelivery.header.size",
                     "The XML is larger than " + std::to_string(most_) + " bytes beside its payloads", "Envelope",
                     "send less beside the payloads"};
    made_.text.append(text);
    return {};
  }

  result<void> look_for_tag(std::string_view& piece) {
    auto const end = piece.find('>');
    auto const kept = piece.substr(0, end == std::string_view::npos ? piece.size() : end + 1);
    if (auto done = append(kept); !done) return done;
    pass(piece, kept.size());
    if (end != std::string_view::npos) begun_ = at_;
    return {};
  }

  result<void> go_on(std::string_view& piece) {
    auto const other = std::ranges::find_if(piece, is_other);
    auto const count = static_cast<std::size_t>(other - piece.begin());
    if (held_.size() <= shortest_run) held_.append(piece.substr(0, count));
    pass(piece, count);
    return piece.empty() ? result<void>{} : end_run(piece.front() == '<');
  }

  result<void> end_run(bool before_tag) {
    text_stretch const run{*begun_, at_ - *begun_};
    begun_.reset();
    auto const held = std::exchange(held_, {});
    if (run.size <= shortest_run) return append(held);
    if (!before_tag) return copy_back(run);
    if (made_.runs.size() == most_payloads) return bad_payload("the message has more than 128 payloads", "Envelope");
    made_.text.append(mark_of(made_.runs.size()));
    made_.runs.push_back(run);
    return {};
  }

  // It looked like a payload for long, and is none.
  result<void> copy_back(text_stretch const& run) {
    return each_piece(source_range(from_, run.at, run.size), [&](std::string_view piece) { return append(piece); });
  }

  byte_source const& from_;
  std::size_t const most_;
  lifted_text made_;
  std::uint64_t at_ = 0;
  std::optional<std::uint64_t> begun_;  // where the run in hand begins
  std::string held_;                    // the whole of it while it is short
};

}  // namespace

result<lifted_text> lift_base64(byte_source const& soap, std::size_t most_text) {
  base64_lifter lifter(soap, most_text);
  auto const read = each_piece(soap, [&](std::string_view piece) { return lifter.add(piece); });
  return read ? lifter.finish() : read.error();
}

std::optional<std::size_t> marked_run(std::string_view text, std::size_t runs) {
  if (!text.starts_with(mark)) return std::nullopt;
  for (std::size_t run = 0; run < runs; ++run)
    if (text == mark_of(run)) return run;
  return std::nullopt;
}

}  // namespace ehds::edelivery::backend
