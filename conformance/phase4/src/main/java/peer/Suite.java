package peer;

import com.helger.phase4.crypto.AS4CryptParams;
import com.helger.phase4.crypto.AS4SigningParams;
import com.helger.phase4.crypto.ECryptoAlgorithmCrypt;
import com.helger.phase4.crypto.ECryptoAlgorithmSign;
import com.helger.phase4.crypto.ECryptoAlgorithmSignDigest;
import com.helger.phase4.crypto.ECryptoKeyIdentifierType;
import com.helger.phase4.model.pmode.leg.EPModeSendReceiptReplyPattern;
import com.helger.phase4.model.pmode.leg.PModeLegSecurity;
import com.helger.phase4.wss.EWSSVersion;

/** The algorithms of one profile of eDelivery AS4: 1.15, and the two of 2.0. */
enum Suite {
  RSA(ECryptoAlgorithmSign.RSA_SHA_256),
  EDDSA(ECryptoAlgorithmSign.EDDSA_ED25519),
  ECDSA(ECryptoAlgorithmSign.ECDSA_SHA_256);

  private final ECryptoAlgorithmSign signature;

  Suite(ECryptoAlgorithmSign signature) {
    this.signature = signature;
  }

  PModeLegSecurity leg(boolean encrypt) {
    var security = new PModeLegSecurity();
    security.setWSSVersion(EWSSVersion.WSS_111);
    security.setX509SignatureAlgorithm(signature);
    security.setX509SignatureHashFunction(ECryptoAlgorithmSignDigest.DIGEST_SHA_256);
    security.setX509EncryptionAlgorithm(encrypt ? ECryptoAlgorithmCrypt.AES_128_GCM : null);
    security.setX509EncryptionMinimumStrength(Integer.valueOf(128));
    security.setPModeAuthorize(false);
    security.setSendReceipt(true);
    security.setSendReceiptNonRepudiation(true);
    security.setSendReceiptReplyPattern(EPModeSendReceiptReplyPattern.RESPONSE);
    return security;
  }

  void sign(AS4SigningParams params) {
    params.setAlgorithmSign(signature)
        .setAlgorithmSignDigest(ECryptoAlgorithmSignDigest.DIGEST_SHA_256)
        .setKeyIdentifierType(ECryptoKeyIdentifierType.BST_DIRECT_REFERENCE);
  }

  void encrypt(AS4CryptParams params) {
    params.setAlgorithmCrypt(ECryptoAlgorithmCrypt.AES_128_GCM)
        .setKeyIdentifierType(ECryptoKeyIdentifierType.SKI_KEY_IDENTIFIER);
    if (this == EDDSA) params.setEDelivery2KeyAgreementX25519();
    if (this == ECDSA) params.setEDelivery2KeyAgreementECDHES();
  }
}
