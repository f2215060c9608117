package peer;

import com.helger.phase4.crypto.AS4CryptoFactoryInMemoryKeyStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** sign.pem, sign.key, encrypt.pem, encrypt.key and ca.pem of a folder, and partner.pem when there, as phase4 wants them. */
final class Keys {
  private static final char[] PASSWORD = "in-memory".toCharArray();

  final AS4CryptoFactoryInMemoryKeyStore signing;
  final AS4CryptoFactoryInMemoryKeyStore encryption;

  Keys(Path folder) throws IOException, GeneralSecurityException {
    var trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("ca", certificate(folder.resolve("ca.pem")));
    var partner = folder.resolve("partner.pem");
    if (Files.exists(partner)) trust.setCertificateEntry("partner", certificate(partner));
    signing = factory(folder, "sign", trust);
    encryption = factory(folder, "encrypt", trust);
  }

  static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static AS4CryptoFactoryInMemoryKeyStore factory(Path folder, String use, KeyStore trust)
      throws IOException, GeneralSecurityException {
    var own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    var certificate = certificate(folder.resolve(use + ".pem"));
    var key = privateKey(folder.resolve(use + ".key"), certificate.getPublicKey().getAlgorithm());
    own.setKeyEntry(use, key, PASSWORD, new Certificate[] {certificate});
    return new AS4CryptoFactoryInMemoryKeyStore(own, use, PASSWORD, trust);
  }

  private static PrivateKey privateKey(Path file, String algorithm) throws IOException, GeneralSecurityException {
    var text = Files.readString(file).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    var encoded = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text));
    return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
  }
}
