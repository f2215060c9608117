#include "node/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "base/bytes.hpp"
#include "node/http/await_tuple.hpp"
#include "node/http/socket_deadline.hpp"
#include "node/http/tls_context.hpp"

namespace ehds::node::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

class secure_stream final : public byte_stream {
 public:
  secure_stream(tcp::socket socket, std::shared_ptr<tls_context> context)
      : context_(std::move(context)), tls_(std::move(socket), context_->openssl), deadline_(tls_.next_layer()) {}

  asio::awaitable<stream_step> handshake(asio::ssl::stream_base::handshake_type side, patience at_most) {
    deadline_.arm(at_most);
    auto const [fault] = co_await tls_.async_handshake(side, await_tuple);
    fault_ = fault;
    co_return deadline_.outcome(fault, 0);
  }

  asio::awaitable<stream_step> read_some(std::span<char> into, patience at_most) override {
    auto const buffer = asio::buffer(into.data(), into.size());
    deadline_.arm(at_most);
    auto const [fault, bytes] = co_await tls_.async_read_some(buffer, await_tuple);
    co_return deadline_.outcome(fault, bytes);
  }

  asio::awaitable<stream_step> write(std::string_view bytes, patience at_most) override {
    auto const buffer = asio::buffer(bytes.data(), bytes.size());
    deadline_.arm(at_most);
    auto const [fault, written] = co_await asio::async_write(tls_, buffer, await_tuple);
    co_return deadline_.outcome(fault, written);
  }

  bool quiet() override { return is_quiet(tls_.next_layer()); }

  void close() override {
    boost::system::error_code ignored;
    tls_.next_layer().shutdown(tcp::socket::shutdown_both, ignored);
    tls_.next_layer().close(ignored);
  }

  SSL* openssl() { return tls_.native_handle(); }
  auto& stream() { return tls_; }
  boost::system::error_code const& fault() const { return fault_; }

 private:
  std::shared_ptr<tls_context> context_;
  asio::ssl::stream<tcp::socket> tls_;
  socket_deadline deadline_;
  boost::system::error_code fault_;
};

std::string subject_text(X509* certificate) {
  std::unique_ptr<BIO, decltype(&BIO_free)> const memory(BIO_new(BIO_s_mem()), BIO_free);
  X509_NAME_print_ex(memory.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  auto const size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::optional<client_certificate> other_side(SSL* openssl) {
  std::unique_ptr<X509, decltype(&X509_free)> const certificate(SSL_get1_peer_certificate(openssl), X509_free);
  if (!certificate) return std::nullopt;
  unsigned char* der = nullptr;
  auto const size = i2d_X509(certificate.get(), &der);
  if (size <= 0) return std::nullopt;
  auto const print = sha256_hex({reinterpret_cast<char const*>(der), static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return client_certificate{subject_text(certificate.get()), print};
}

// Nobody among those whom this connection trusts signed it; a wrong signature: one of them has the name, not the key.
bool is_of_unknown_authority(long verdict) {
  constexpr std::array<long, 6> verdicts{
      X509_V_ERR_CERT_SIGNATURE_FAILURE,    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
      X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT};
  return std::ranges::find(verdicts, verdict) != verdicts.end();
}

std::string handshake_fault(secure_stream& stream, long verdict) {
  if (verdict != X509_V_OK)
    return std::string{"the certificate is not accepted: "} + X509_verify_cert_error_string(verdict);
  return "the TLS handshake failed: " + stream.fault().message();
}

tls_connection finished(std::unique_ptr<secure_stream> stream, stream_step const& step) {
  tls_connection made;
  made.end = step.end;
  if (step.end != stream_end::open) {
    auto const verdict = SSL_get_verify_result(stream->openssl());
    made.of_unknown_authority = is_of_unknown_authority(verdict);
    made.is_no_tls =
        ERR_GET_REASON(static_cast<unsigned long>(stream->fault().value())) == SSL_R_WRONG_VERSION_NUMBER &&
        stream->fault().category() == asio::error::get_ssl_category();
    made.fault =
        step.end == stream_end::timeout ? "the TLS handshake took too long" : handshake_fault(*stream, verdict);
    stream->close();
    return made;
  }
  made.other_side = other_side(stream->openssl());
  made.stream = std::move(stream);
  return made;
}

}  // namespace

asio::awaitable<tls_connection> accept_tls(tcp::socket socket, std::shared_ptr<tls_context> context, patience at_most,
                                           std::function<void(byte_stream&)> begun) {
  auto stream = std::make_unique<secure_stream>(std::move(socket), std::move(context));
  begun(*stream);
  auto const step = co_await stream->handshake(asio::ssl::stream_base::server, at_most);
  co_return finished(std::move(stream), step);
}

asio::awaitable<tls_connection> connect_tls(tcp::socket socket, std::shared_ptr<tls_context> context, std::string host,
                                            patience at_most) {
  auto const pinned = context->pinned;
  auto stream = std::make_unique<secure_stream>(std::move(socket), std::move(context));
  boost::system::error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  if (not_an_address) SSL_set_tlsext_host_name(stream->openssl(), host.c_str());
  stream->stream().set_verify_callback(asio::ssl::host_name_verification(host));
  auto const step = co_await stream->handshake(asio::ssl::stream_base::client, at_most);
  auto made = finished(std::move(stream), step);
  if (pinned && made.stream && (!made.other_side || made.other_side->fingerprint != *pinned)) {
    made.stream->close();
    made.stream.reset();
    made.end = stream_end::broken;
    made.fault = "the server shows another certificate than the pinned one";
  }
  co_return made;
}

}  // namespace ehds::node::http
