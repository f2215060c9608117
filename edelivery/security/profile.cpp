#include "edelivery/security/profile.hpp"

namespace ehds::edelivery {

security_profile edelivery_1_15_rsa() {
  security_profile profile;
  profile.id = "edelivery-1.15-rsa";
  profile.signature = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
  profile.digest = "http://www.w3.org/2001/04/xmlenc#sha256";
  profile.canonicalization = "http://www.w3.org/2001/10/xml-exc-c14n#";
  profile.attachment_transform =
      "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform";
  profile.content_encryption = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
  profile.key_encryption = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
  profile.key_encryption_digest = "http://www.w3.org/2001/04/xmlenc#sha256";
  profile.key_encryption_mask = "http://www.w3.org/2009/xmlenc11#mgf1sha256";
  return profile;
}

}  // namespace ehds::edelivery
