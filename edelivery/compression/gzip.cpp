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
    if (inflateInit2(&stream, gzip_window) != Z_OK) throw std::runtime_error{"zlib: cannot start inflating"};
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
      throw std::runtime_error{"zlib: cannot start deflating"};
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

result<void> check_size(std::size_t unpacked, std::size_t packed, gunzip_limits const& limits) {
  if (unpacked > limits.bytes) {
    return refused("too_large", "the part unpacks to more than the limit of " + std::to_string(limits.bytes) + " bytes",
                   "raise the payload limit of the P-Mode if such parts are expected");
  }
  if (unpacked > limits.free_bytes && unpacked / std::max<std::size_t>(packed, 1) > limits.ratio) {
    return refused("ratio", "the part unpacks to more than " + std::to_string(limits.ratio) + " times its size",
                   "raise the ratio limit of the P-Mode if such parts are expected");
  }
  return {};
}

}  // namespace

std::string gzip(std::string_view bytes) {
  deflating packer;
  std::string out;
  out.reserve(bytes.size() / 2 + 64);
  std::array<char, block> buffer;
  auto rest = bytes;
  int state = Z_OK;
  do {
    if (packer.stream.avail_in == 0 && !rest.empty()) feed(packer.stream, rest);
    packer.stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    packer.stream.avail_out = static_cast<uInt>(buffer.size());
    state = deflate(&packer.stream, rest.empty() ? Z_FINISH : Z_NO_FLUSH);
    if (state == Z_STREAM_ERROR) throw std::runtime_error{"zlib: deflate failed"};
    out.append(buffer.data(), buffer.size() - packer.stream.avail_out);
  } while (state != Z_STREAM_END);
  return out;
}

result<std::string> gunzip(std::string_view packed, gunzip_limits const& limits) {
  inflating unpacker;
  std::string out;
  std::array<char, block> buffer;
  auto rest = packed;
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    if (unpacker.stream.avail_in == 0 && !rest.empty()) feed(unpacker.stream, rest);
    unpacker.stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    unpacker.stream.avail_out = static_cast<uInt>(buffer.size());
    state = inflate(&unpacker.stream, Z_NO_FLUSH);
    if (state == Z_MEM_ERROR) throw std::bad_alloc{};
    if (state == Z_BUF_ERROR) return refused("truncated", "the compressed part ends too early");
    if (state != Z_OK && state != Z_STREAM_END)
      return refused("damaged", "a part said to be gzip is not, or is damaged");
    auto const more = buffer.size() - unpacker.stream.avail_out;
    auto const fits = check_size(out.size() + more, packed.size(), limits);
    if (!fits) return fits.error();
    out.append(buffer.data(), more);
  }
  if (unpacker.stream.avail_in > 0 || !rest.empty()) {
    return refused("trailing_bytes", "something follows the compressed bytes of a part");
  }
  return out;
}

}  // namespace ehds::edelivery
