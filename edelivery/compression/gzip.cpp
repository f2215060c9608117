#include "edelivery/compression/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <utility>

namespace ehds::edelivery {

namespace {

constexpr int gzip_window = 15 + 16;  // largest window, gzip framing
constexpr std::size_t block = 64 * 1024;

problem refused(std::string_view code, std::string detail,
                std::string mend = "send the part as one undamaged gzip member") {
  return {"edelivery.compression." + std::string{code}, std::move(detail), "payload part", std::move(mend)};
}

// zlib's stream, ended when it goes out of scope.
struct inflating {
  z_stream stream{};
  inflating() {
    if (inflateInit2(&stream, gzip_window) != Z_OK) throw std::bad_alloc{};
  }
  ~inflating() { inflateEnd(&stream); }
  inflating(inflating const&) = delete;
  inflating& operator=(inflating const&) = delete;
};

struct deflating {
  z_stream stream{};
  deflating() {
    constexpr int memory = 8;
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window, memory, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc{};
    }
  }
  ~deflating() { deflateEnd(&stream); }
  deflating(deflating const&) = delete;
  deflating& operator=(deflating const&) = delete;
};

// zlib counts input in unsigned int: feed at most that much at once.
void feed(z_stream& stream, std::string_view& rest) {
  auto const count = std::min<std::size_t>(rest.size(), std::numeric_limits<uInt>::max());
  // zlib's interface predates const; it does not write through next_in.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<Bytef const*>(rest.data()));
  stream.avail_in = static_cast<uInt>(count);
  rest.remove_prefix(count);
}

result<void> check_size(std::uint64_t unpacked, std::uint64_t packed, gunzip_limits const& limits) {
  if (unpacked > limits.bytes) {
    return refused("too_large", "the part unpacks to more than the limit of " + std::to_string(limits.bytes) + " bytes",
                   "raise the payload limit of the P-Mode if such parts are expected");
  }
  if (unpacked > limits.free_bytes && unpacked / std::max<std::uint64_t>(packed, 1) > limits.ratio) {
    return refused("ratio", "the part unpacks to more than " + std::to_string(limits.ratio) + " times its size",
                   "raise the ratio limit of the P-Mode if such parts are expected");
  }
  return {};
}

void offer(z_stream& stream, std::array<char, block>& buffer) {
  stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
  stream.avail_out = static_cast<uInt>(buffer.size());
}

}  // namespace

struct gzip_stream::state {
  deflating packer;
  std::optional<gunzip_limits> within;
  int strategy = Z_DEFAULT_STRATEGY;
  std::array<char, block> buffer;

  // Will the end of the coming block be within the ratio, if what follows it in the free bytes is coded loosely?
  bool is_too_dense() const {
    auto const after = packer.stream.total_in + block;
    auto const to_come = within->free_bytes > after ? (within->free_bytes - after) / 8 : 0;
    return std::max<std::uint64_t>(after, within->free_bytes) > within->ratio * (packer.stream.total_out + to_come);
  }

  // Where each block begins, so that the result does not depend on the pieces. A Huffman code keeps at least a bit of
  // each byte, where a repetition keeps a thousandth.
  result<void> choose_strategy(byte_sink& out) {
    auto& stream = packer.stream;
    if (!within || stream.total_in % block != 0) return {};
    bool too_dense = is_too_dense();
    // Or deflate holds back what fills no block of its own yet: a megabyte, where that is repetitive.
    if (too_dense && strategy == Z_DEFAULT_STRATEGY) {
      if (auto given = run({}, Z_BLOCK, out); !given) return given;
      too_dense = is_too_dense();
    }
    int const wanted = too_dense ? Z_HUFFMAN_ONLY : Z_DEFAULT_STRATEGY;
    if (wanted == std::exchange(strategy, wanted)) return {};
    for (int code = Z_BUF_ERROR; code == Z_BUF_ERROR;) {
      offer(stream, buffer);
      code = deflateParams(&stream, Z_DEFAULT_COMPRESSION, wanted);
      if (code != Z_OK && code != Z_BUF_ERROR) throw std::runtime_error{"zlib: deflateParams failed"};
      if (auto kept = out.add({buffer.data(), buffer.size() - stream.avail_out}); !kept) return kept;
    }
    return {};
  }

  result<void> add(std::string_view bytes, byte_sink& out) {
    while (!bytes.empty()) {
      if (auto chosen = choose_strategy(out); !chosen) return chosen;
      auto const count = std::min<std::size_t>(bytes.size(), block - packer.stream.total_in % block);
      if (auto done = run(bytes.substr(0, count), Z_NO_FLUSH, out); !done) return done;
      bytes.remove_prefix(count);
    }
    return {};
  }

  result<void> run(std::string_view bytes, int flush, byte_sink& out) {
    auto rest = bytes;
    do {
      if (packer.stream.avail_in == 0 && !rest.empty()) feed(packer.stream, rest);
      offer(packer.stream, buffer);
      int const code = deflate(&packer.stream, rest.empty() ? flush : Z_NO_FLUSH);
      if (code == Z_STREAM_ERROR) throw std::runtime_error{"zlib: deflate failed"};
      auto kept = out.add({buffer.data(), buffer.size() - packer.stream.avail_out});
      if (!kept) return kept;
    } while (packer.stream.avail_out == 0 || packer.stream.avail_in > 0 || !rest.empty());
    return {};
  }
};

gzip_stream::gzip_stream(std::optional<gunzip_limits> const& within) : state_(std::make_unique_for_overwrite<state>()) {
  state_->within = within;
}
gzip_stream::~gzip_stream() = default;

result<void> gzip_stream::add(std::string_view bytes, byte_sink& out) { return state_->add(bytes, out); }

result<void> gzip_stream::finish(byte_sink& out) { return state_->run({}, Z_FINISH, out); }

struct gunzip_stream::state {
  std::uint64_t packed_size;
  gunzip_limits limits;
  inflating unpacker;
  bool ended = false;
  std::uint64_t unpacked = 0;
  std::array<char, block> buffer;
};

gunzip_stream::gunzip_stream(std::uint64_t packed_size, gunzip_limits const& limits)
    : state_(std::make_unique_for_overwrite<state>()) {
  state_->packed_size = packed_size;
  state_->limits = limits;
}
gunzip_stream::~gunzip_stream() = default;

result<void> gunzip_stream::add(std::string_view packed, byte_sink& out) {
  auto& at = *state_;
  auto& stream = at.unpacker.stream;
  auto rest = packed;
  while (true) {
    if (stream.avail_in == 0 && !rest.empty()) feed(stream, rest);
    if (at.ended && stream.avail_in > 0) {
      return refused("trailing_bytes", "something follows the compressed bytes of a part");
    }
    if (at.ended) return {};
    offer(stream, at.buffer);
    int const code = inflate(&stream, Z_NO_FLUSH);
    if (code == Z_MEM_ERROR) throw std::bad_alloc{};
    if (code == Z_BUF_ERROR && rest.empty()) return {};  // it wants more than there is
    if (code != Z_OK && code != Z_STREAM_END) return refused("damaged", "a part said to be gzip is not, or is damaged");
    at.ended = code == Z_STREAM_END;
    auto const more = at.buffer.size() - stream.avail_out;
    at.unpacked += more;
    if (auto fits = check_size(at.unpacked, at.packed_size, at.limits); !fits) return fits;
    if (auto kept = out.add({at.buffer.data(), more}); !kept) return kept;
  }
}

result<void> gunzip_stream::finish() {
  if (state_->ended) return {};
  return refused("truncated", "the compressed part ends too early");
}

std::string gzip(std::string_view bytes, std::optional<gunzip_limits> const& within) {
  gzip_stream packer(within);
  string_sink out;
  out.text.reserve(bytes.size() / 2 + 64);
  if (!packer.add(bytes, out) || !packer.finish(out)) throw std::logic_error{"a string refused bytes"};
  return std::move(out.text);
}

result<std::string> gunzip(std::string_view packed, gunzip_limits const& limits) {
  gunzip_stream unpacker(packed.size(), limits);
  string_sink out;
  auto done = unpacker.add(packed, out);
  if (done) done = unpacker.finish();
  if (!done) return std::move(done).error();
  return std::move(out.text);
}

}  // namespace ehds::edelivery
